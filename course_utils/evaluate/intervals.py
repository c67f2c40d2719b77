"""How sure an accuracy is, when several images show the same object: bootstrap intervals that resample objects."""

from typing import NamedTuple

import numpy as np

from course_utils.errors import BadArgumentError, require_integer

CHUNK_CELLS = 4_000_000
"""Resampling counts are drawn in blocks of so many numbers, so that 10,000 groups need 32 MB instead of 160."""


class Interval(NamedTuple):
    """An accuracy, or a difference of two, as shares between -1 and 1, with the ends of its confidence interval."""

    value: float
    low: float
    high: float


def accuracy_interval(
    correct: np.ndarray, groups: np.ndarray, *, level: float = 0.90, resamples: int = 2000, seed: int = 0
) -> Interval:
    """Gives an accuracy with a bootstrap confidence interval that resamples whole groups.

    Images of one object succeed or fail together, so they count as one draw: objects are drawn with replacement, each
    with all its images. An interval of width 0 (every answer right, or every one wrong) says only that the sample holds
    no counter-example, not that there is none.

    Args:
        correct: bool array (N,), or numbers 0 and 1: was this image classified correctly?
        groups: array (N,): which object each image shows. Give ``np.arange(N)`` when all are independent.
        level: share of resamples inside the interval, between 0 and 1.
        resamples: how many times to resample, at least 100.
        seed: start of the random numbers.

    Raises:
        BadArgumentError: arrays of other shapes or values, or a single group.
    """
    return _bootstrap(_zeros_and_ones("correct", correct), groups, level, resamples, seed)


def difference_interval(
    correct_a: np.ndarray,
    correct_b: np.ndarray,
    groups: np.ndarray,
    *,
    level: float = 0.90,
    resamples: int = 2000,
    seed: int = 0,
) -> Interval:
    """Gives the accuracy of A minus that of B on the same images, with an interval that resamples whole groups.

    The comparison is paired: both see the same drawn objects, so what makes an image hard cancels out. Arguments and
    errors are those of ``accuracy_interval``. When 0 lies inside, the comparison is inconclusive.
    """
    a, b = _zeros_and_ones("correct_a", correct_a), _zeros_and_ones("correct_b", correct_b)
    if a.shape != b.shape:
        raise BadArgumentError(f"correct_a and correct_b need the same images; you gave {len(a)} and {len(b)} answers.")
    return _bootstrap(a - b, groups, level, resamples, seed)


def _bootstrap(scores: np.ndarray, groups: np.ndarray, level: float, resamples: int, seed: int) -> Interval:
    """Draws whole groups with replacement, as many as there are, again and again."""
    groups, group_count = numbered(groups)
    if len(groups) != len(scores):
        raise BadArgumentError(
            f"correct and groups must have one entry per image; you gave {len(scores)} answers, {len(groups)} groups."
        )
    if group_count < 2:
        raise BadArgumentError(
            "groups must name at least two different objects; all your images show the same one, "
            "so nothing can be said about others."
        )
    if isinstance(level, bool) or not isinstance(level, (int, float)) or not 0 < level < 1:
        raise BadArgumentError(f"level must lie between 0 and 1, for example 0.90; you gave {level!r}.")
    resamples = require_integer("resamples", resamples, minimum=100)
    rng = np.random.default_rng(require_integer("seed", seed, minimum=0))
    totals, sizes = np.bincount(groups, weights=scores), np.bincount(groups)
    fair = np.full(group_count, 1 / group_count)
    block = max(1, CHUNK_CELLS // group_count)
    means = []
    for start in range(0, resamples, block):
        times = rng.multinomial(group_count, fair, size=min(block, resamples - start))
        means.append((times @ totals) / (times @ sizes))
    low, high = np.quantile(np.concatenate(means), [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(scores.mean()), float(low), float(high))


def _zeros_and_ones(name: str, values: np.ndarray) -> np.ndarray:
    array = one_row(name, values)
    wrong = array[~np.isin(array, (0, 1))]
    if len(wrong):
        raise BadArgumentError(
            f"{name} must say for each image whether the answer was right (True or False, 1 or 0); "
            f"you gave other values, for example {wrong[0]!r}. Did you mean `predicted == labels`?"
        )
    return array.astype(np.float64)


def one_row(name: str, values: np.ndarray) -> np.ndarray:
    """Returns ``values`` as an array (N,), N at least 1, or explains what the argument called ``name`` must be."""
    array = np.asarray(values)
    if array.ndim != 1 or len(array) == 0:
        raise BadArgumentError(f"{name} must be one row of values, one per image; you gave shape {array.shape}.")
    return array


def numbered(groups: np.ndarray) -> tuple[np.ndarray, int]:
    """Returns groups numbered from 0, whatever they are called, and how many there are."""
    distinct, numbers = np.unique(one_row("groups", groups), return_inverse=True)
    return numbers, len(distinct)
