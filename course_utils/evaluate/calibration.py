"""Whether a model is as sure as it is right: calibration error, temperature scaling, and accuracy when it may abstain."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from course_utils.errors import BadArgumentError, require_integer
from course_utils.evaluate.intervals import Interval, resampled_groups
from course_utils.evaluate.rows import one_row

TEMPERATURES = (0.05, 20.0)
_LEAST = 1e-12  # a probability of exactly 0 has no logarithm


class Bin(NamedTuple):
    """The images whose confidence lies in one part of 0 to 1: how many, their mean confidence, and their accuracy."""

    count: int
    confidence: float
    accuracy: float


def confidence_and_correct(probabilities: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns for each image the probability of the predicted class, float64 (N,), and whether it was right, bool (N,).

    Args:
        probabilities: of every class, (N, classes), each row from 0 to 1 with the sum 1: a softmax's output.
        labels: true class numbers, (N,). A class may be absent.

    Raises:
        BadArgumentError: other shapes, rows that are no probabilities, or labels that are no class numbers.
    """
    array = np.asarray(probabilities, dtype=np.float64)
    labels = one_row("labels", labels)
    if array.ndim != 2 or len(array) != len(labels) or array.shape[1] < 2:
        raise BadArgumentError(
            f"probabilities must have one row per image and one column per class, (N, classes); you gave {array.shape} for "
            f"{len(labels)} labels."
        )
    if not ((array >= 0) & (array <= 1 + 1e-6)).all() or np.abs(array.sum(axis=1) - 1).max() > 1e-3:
        raise BadArgumentError(
            "Each row of probabilities must lie from 0 to 1 and have the sum 1; you gave other values. Scores of a layer without "
            "softmax become probabilities with scipy.special.softmax(scores, axis=1)."
        )
    if labels.dtype.kind not in "iu" or labels.min() < 0 or labels.max() >= array.shape[1]:
        raise BadArgumentError(
            f"labels must be class numbers from 0 to {array.shape[1] - 1}; you gave {labels.dtype} from {labels.min()} to "
            f"{labels.max()}."
        )
    return np.minimum(array.max(axis=1), 1), array.argmax(axis=1) == labels


def reliability_bins(probabilities: np.ndarray, labels: np.ndarray, *, bins: int = 10) -> list[Bin]:
    """Groups images by confidence into ``bins`` equal parts of 0 to 1, the upper end included; empty parts are left out."""
    confidence, correct = confidence_and_correct(probabilities, labels)
    place = _place(confidence, bins)
    return [
        Bin(int((here := place == i).sum()), float(confidence[here].mean()), float(correct[here].mean()))
        for i in np.unique(place)
    ]


def expected_calibration_error(
    probabilities: np.ndarray,
    labels: np.ndarray,
    groups: np.ndarray,
    *,
    bins: int = 10,
    level: float = 0.90,
    resamples: int = 2000,
    seed: int = 0,
) -> Interval:
    """Gives the mean distance between confidence and accuracy over `reliability_bins`, weighted by their images.

    Source: C. Guo et al., "On Calibration of Modern Neural Networks", ICML 2017. Few images per bin make it too large, since
    distances do not cancel out; the interval, which resamples whole groups as ``accuracy_interval`` does, has that too.

    Args:
        probabilities, labels: as for ``confidence_and_correct``.
        groups: array (N,): which object each image shows.
        bins: how many equal parts of 0 to 1.
        level, resamples, seed: as for ``accuracy_interval``.

    Returns:
        ``(error, low, high)``, from 0 (as sure as right) to 1.

    Raises:
        BadArgumentError: what ``confidence_and_correct`` and ``accuracy_interval`` refuse.
    """
    confidence, correct = confidence_and_correct(probabilities, labels)
    gaps = np.zeros((len(confidence), require_integer("bins", bins, minimum=1)))
    gaps[np.arange(len(gaps)), _place(confidence, bins)] = correct - confidence
    value = float(np.abs(gaps.sum(axis=0)).sum() / len(gaps))
    sums, sizes = resampled_groups(gaps, groups, level=level, resamples=resamples, seed=seed)
    tail = (1 - level) / 2
    low, high = np.quantile(np.abs(sums).sum(axis=1) / sizes, [tail, 1 - tail])
    return Interval(value, min(float(low), value), max(float(high), value))


def fit_temperature(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """Finds the temperature with which the probabilities of validation images fit their labels best.

    One number, the same for all classes: it changes how sure the model is, and never which class it predicts. It minimises the
    cross-entropy (Guo et al., ICML 2017).

    Args:
        probabilities, labels: of validation images, which the model was not trained on; see ``confidence_and_correct``.

    Returns:
        Above 1 for a model that is too sure, below 1 for one that is not sure enough; between 0.05 and 20. Where every prediction
        is right there is no best one, and 0.05 is returned.

    Raises:
        BadArgumentError: see ``confidence_and_correct``.
    """
    from scipy.optimize import minimize_scalar

    confidence_and_correct(probabilities, labels)
    rows = np.arange(len(labels))

    def cross_entropy(log_temperature: float) -> float:
        scaled = apply_temperature(probabilities, float(np.exp(log_temperature)))
        return float(-np.log(np.maximum(scaled[rows, labels], _LEAST)).mean())

    best = minimize_scalar(cross_entropy, bounds=tuple(np.log(TEMPERATURES)), method="bounded", options={"xatol": 1e-4})
    ends = [*np.log(TEMPERATURES), best.x]
    return float(np.exp(min(ends, key=cross_entropy)))


def apply_temperature(probabilities: np.ndarray, temperature: float) -> np.ndarray:
    """Returns probabilities (N, classes), float64, with their logarithms divided by a temperature; each row has the sum 1.

    Raises:
        BadArgumentError: the temperature is not a number above 0.
    """
    if not np.isscalar(temperature) or not np.isfinite(temperature) or temperature <= 0:
        raise BadArgumentError(f"temperature must be a number above 0, from fit_temperature; you gave {temperature!r}.")
    scores = np.log(np.maximum(np.asarray(probabilities, dtype=np.float64), _LEAST)) / temperature
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def coverage_accuracy(probabilities: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Computes the accuracy of a model that answers only where it is sure enough, for every threshold.

    Args:
        probabilities, labels: as for ``confidence_and_correct``.

    Returns:
        Coverage, the share of images that are answered, rising to 1, and the accuracy on those; float64 (K,) each. Images of the
        same confidence are answered together, so K is how many confidences there are.

    Raises:
        BadArgumentError: see ``confidence_and_correct``.
    """
    confidence, correct = confidence_and_correct(probabilities, labels)
    order = np.argsort(-confidence, kind="stable")
    answered = np.arange(1, len(order) + 1)
    last = np.append(np.diff(confidence[order]) != 0, True)  # the last image of each confidence
    return (answered / len(order))[last], (np.cumsum(correct[order]) / answered)[last]


def _place(confidence: np.ndarray, bins: int) -> np.ndarray:
    bins = require_integer("bins", bins, minimum=1)
    return np.minimum((confidence * bins).astype(int), bins - 1)
