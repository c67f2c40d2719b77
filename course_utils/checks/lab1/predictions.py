"""Whether the most probable classes of an image are named, and with the right probabilities."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import numpy as np

from course_utils.checks import Incorrect, as_number, as_tuple, describe, in_short
from course_utils.checks.common.models import predict
from course_utils.checks.common.preprocessing import wrongly_preprocessed

CLASSIFIER = "efficientnet_lite0"
"""The base that can be had with its 1000-class top."""

LEAST_LIKELY = "These are the five least likely; np.argsort sorts upwards, so the five most probable are at its end."


def read_pairs(value: object) -> list[tuple[str, float]]:
    """Reads five (name, probability) pairs from lists, tuples, arrays or a dictionary."""
    if isinstance(value, dict):
        value = list(value.items())
    if not isinstance(value, list | tuple | np.ndarray):
        raise Incorrect(
            f"You return {describe(value)};",
            "expected a list of five (name, probability) pairs.",
            # A zip or a generator is gone once it has been looked at, and cannot be handed in.
            "list(zip(names, probabilities)) makes one.",
        )
    return [_read_pair(row) for row in as_tuple(value, 5, "five entries", arrays=True)]


def _read_pair(row: object) -> tuple[str, float]:
    sequence = isinstance(row, list | tuple | np.ndarray)
    if not sequence or len(row) != 2 or not isinstance(row[0], str):
        printable = repr(row)[:120] if isinstance(row, str | int | float | list | tuple | np.generic) else describe(row)
        first = row[0] if sequence and len(row) else row
        numbered = isinstance(first, int | float | np.number)
        look = "class_names[index] turns a class's number into its name." if numbered else ""
        raise Incorrect(f"One of your entries is {printable};", 'expected a pair such as ("espresso", 0.9).', look)
    name, probability = row
    if isinstance(probability, str):  # one NumPy array of names and numbers holds the numbers as text
        with contextlib.suppress(ValueError):
            probability = float(probability)
    return str.__str__(name), as_number(probability, "a probability")


def check_names(
    given: list[tuple[str, float]], truth: np.ndarray, names: tuple[str, ...], *, look: Callable[[], str]
) -> None:
    """Complains unless the five most probable classes are named; ``look`` says where to look, and is called only then."""
    # A name passes when its probability reaches the fifth largest: where two are as good as equal, either will do.
    fifth = np.sort(truth)[-5] - 1e-3
    allowed = {name for name, probability in zip(names, truth, strict=True) if probability >= fifth}
    if len({name for name, _ in given} & allowed) < 5:
        order = np.argsort(truth)
        # Ten rather than five: rounding may change the order among numbers this small.
        least = {name for name, _ in given} <= {names[index] for index in order[:10]}
        raise Incorrect(
            f"You name {', '.join(name for name, _ in given)};",
            f"expected {', '.join(names[index] for index in order[::-1][:5])}.",
            LEAST_LIKELY if least else look(),
        )


def check_probabilities(given: list[tuple[str, float]], truth: np.ndarray, *, look: Callable[[], str]) -> None:
    """Complains unless the five probabilities are those of the five most probable classes."""
    numbers, expected = [probability for _, probability in given], np.sort(truth)[::-1][:5]
    if np.abs(np.sort(numbers)[::-1] - expected).max() > 5e-3:
        look_first = "A probability is at most 1: are these percentages?" if max(numbers) > 1 else ""
        if np.allclose(np.sort(numbers), np.sort(truth)[:5], rtol=0.1, atol=0):
            look_first = LEAST_LIKELY
        raise Incorrect(
            f"Your probabilities are {in_short(numbers)};",
            f"expected {in_short(expected)}.",
            look_first or look() or "The classifier already ends in a softmax.",
        )


def how_preprocessed(classifier, photo: np.ndarray, given: list[tuple[str, float]]) -> str:
    """Recognises what a classifier answers to a wrongly preprocessed photograph; an empty text when it is something else."""
    best = max(probability for _, probability in given)
    for mistake, batch in wrongly_preprocessed(CLASSIFIER, photo[None]).items():
        if abs(float(predict(classifier, batch).max()) - best) < 1e-3:
            return f"{mistake}, as the probabilities show."
    return ""
