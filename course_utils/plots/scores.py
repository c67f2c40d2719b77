"""How good a model is: confusion matrix, accuracies with intervals, a map of the features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from course_utils.errors import BadArgumentError
from course_utils.plots.figures import HATCHES, MARKERS, PALETTE, describe, listed, new_axes, style
from course_utils.plots.images import counted, percent, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def confusion_matrix(
    true: Sequence[int],
    predicted: Sequence[int],
    class_names: Sequence[str],
    *,
    title: str | None = None,
    alt: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Shows how often each class was taken for which: one row per true class, counts and share of the row.

    Args:
        true: right class numbers, ``(N,)``.
        predicted: the model's class numbers, ``(N,)``.
        class_names: a name for each class number.
        title: a text above the matrix.
        alt: the description; by default the accuracy, each class's share of right answers, the commonest mistake.
        ax: an Axes to draw into.

    Returns:
        The Axes.

    Raises:
        BadArgumentError: if the lengths differ, or a number has no name.
    """
    true, predicted = _class_numbers(true, predicted, len(class_names))
    counts = np.zeros((len(class_names), len(class_names)), dtype=int)
    np.add.at(counts, (true, predicted), 1)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    size = 2.2 + 0.85 * len(class_names)
    with style():
        ax = new_axes((size + 1.2, size), ax=ax)
        image = ax.imshow(100 * shares, cmap="Blues", vmin=0, vmax=100)
        for (row, column), count in np.ndenumerate(counts):
            text = f"{count}\n{100 * shares[row, column]:.0f} %" if count else "0"
            colour = "white" if shares[row, column] > 0.55 else "black"
            ax.text(column, row, text, ha="center", va="center", color=colour, fontsize=10)
        places = range(len(class_names))
        # Horizontal names would touch each other from about eleven letters on.
        slanted = max(len(name) for name in class_names) > 10
        ax.set_xticks(places, class_names, rotation=35 if slanted else 0, ha="right" if slanted else "center")
        if slanted:
            for label in ax.get_xticklabels():
                label.set_rotation_mode("anchor")
        ax.set_yticks(places, class_names)
        ax.set_xlabel("predicted class")
        ax.set_ylabel("true class")
        ax.spines[:].set_visible(False)
        ax.figure.colorbar(image, ax=ax, label="share of the true class (%)", shrink=0.8)
        if title:
            ax.set_title(title)
    describe(ax, alt or (f"{title}. " if title else "") + _describe_confusion(counts, class_names))
    return ax


def accuracy_bars(
    results: Mapping[str, Sequence[float]],
    *,
    chance: float | None = None,
    reference: Mapping[str, float] | None = None,
    title: str | None = None,
    alt: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Shows accuracies as bars with their intervals.

    Args:
        results: for each name ``(accuracy, low, high)``, all from 0 to 1; ``low`` and ``high`` end the interval.
        chance: the accuracy of guessing, drawn as a dashed line, from 0 to 1.
        reference: other levels drawn as dashed lines, for example ``{"majority class": 0.31}``, from 0 to 1.
        title: a text above the bars.
        alt: the description; by default every name with its numbers.
        ax: an Axes to draw into.

    Returns:
        The Axes.

    Raises:
        BadArgumentError: if a result is not three numbers in order, from 0 to 1.
    """
    values = {}
    for name, result in results.items():
        numbers = np.asarray(tuple(result), dtype=float)
        if numbers.shape != (3,) or not 0 <= numbers[1] <= numbers[0] <= numbers[2] <= 1:
            raise BadArgumentError(
                f"(accuracy, low, high) with low <= accuracy <= high, all from 0 to 1, was expected for {name!r}; "
                f"{result!r} was received. Pass the accuracy and both ends of its interval."
            )
        values[name] = 100 * numbers
    if not values:
        raise BadArgumentError("At least one accuracy was expected; none was received. Add one.")
    reference = ({} if chance is None else {"guessing": chance}) | dict(reference or {})
    with style():
        ax = new_axes((7.2, 1.1 + 0.55 * len(values)), ax=ax)
        for place, (mean, low, high) in enumerate(values.values()):
            ax.barh(place, mean, height=0.6, color=PALETTE[4], edgecolor="black", linewidth=0.6, hatch=_hatch(place))
            ax.errorbar(mean, place, xerr=[[mean - low], [high - mean]], color="black", capsize=5, linewidth=1.6)
            ax.annotate(
                f"{mean:.0f} %", (high, place), xytext=(7, 0), textcoords="offset points", va="center", fontsize=10
            )
        for number, (name, level) in enumerate(reference.items()):
            ax.axvline(100 * level, color=PALETTE[3], linestyle=("--", ":", "-.")[number % 3], label=name)
        ax.set_yticks(range(len(values)), [wrap(name, width=26) for name in values])
        ax.invert_yaxis()
        ax.set_xlim(0, 108)
        ax.set_xticks(range(0, 101, 20))
        ax.set_xlabel("accuracy (%), with its interval")
        if reference:
            ax.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=3, frameon=False)
        if title:
            ax.set_title(title, loc="left", pad=30 if reference else None)
    said = [f"{name} {mean:.0f} % ({low:.0f} to {high:.0f} %)" for name, (mean, low, high) in values.items()]
    lines = "".join(f" A line at {100 * level:.0f} %: {name}." for name, level in reference.items())
    head = f"{title}. " if title else ""
    describe(ax, alt or f"{head}Accuracies with intervals: {listed(said)}.{lines}")
    return ax


def embedding_map(
    points: np.ndarray,
    labels: Sequence[int],
    class_names: Sequence[str],
    *,
    axis_names: tuple[str, str] = ("first coordinate (no unit)", "second coordinate (no unit)"),
    title: str | None = None,
    alt: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Shows features brought down to two dimensions, each class with its own colour and its own marker.

    Args:
        points: ``(N, 2)``, for example from PCA or t-SNE.
        labels: class numbers, ``(N,)``.
        class_names: a name for each class number.
        axis_names: what the two axes are called.
        title: a text above the map.
        alt: the description; by default the classes, and how often a point's nearest neighbour is of its class.
        ax: an Axes to draw into.

    Returns:
        The Axes.

    Raises:
        BadArgumentError: if the points are not ``(N, 2)``, the lengths differ, or a number has no name.
    """
    points = np.asarray(points, dtype=float)
    if points.ndim != 2 or points.shape[1] != 2:
        raise BadArgumentError(
            f"Points in two dimensions, (N, 2), were expected; {points.shape} was received. Reduce the features first, "
            "for example with sklearn.decomposition.PCA(2)."
        )
    labels, _ = _class_numbers(labels, labels, len(class_names))
    if len(labels) != len(points):
        raise BadArgumentError(
            f"One label per point was expected; {len(points)} points and {len(labels)} labels were received. "
            "Pass both for the same images."
        )
    with style():
        ax = new_axes((7.6, 4.8), ax=ax)
        for number, name in enumerate(class_names):
            here = points[labels == number]
            # Eight colours and eight markers; from the ninth class on the pairs are shifted, so that none comes twice.
            marker = MARKERS[(number + number // len(PALETTE)) % len(MARKERS)]
            ax.scatter(
                *here.T, s=34, marker=marker, color=PALETTE[number % len(PALETTE)], edgecolor="black", linewidth=0.4,
                label=name, alpha=0.85,
            )  # fmt: skip
        ax.set_xlabel(axis_names[0])
        ax.set_ylabel(axis_names[1])
        ax.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False)
        if title:
            ax.set_title(title)
    head = f"{title}. " if title else ""
    describe(ax, alt or f"{head}A map of {len(points)} points in {len(class_names)} classes, {listed(class_names)}. "
             + _neighbours(points, labels))  # fmt: skip
    return ax


def _hatch(place: int) -> str:
    return HATCHES[place % len(HATCHES)]


def _class_numbers(true: Any, predicted: Any, classes: int) -> tuple[np.ndarray, np.ndarray]:
    true, predicted = np.asarray(true), np.asarray(predicted)
    if true.shape != predicted.shape or true.ndim != 1 or len(true) == 0:
        raise BadArgumentError(
            "Two equally long rows of class numbers, (N,), were expected; "
            f"{true.shape} and {predicted.shape} were received. Use argmax(axis=1) on one-hot or probability rows."
        )
    numbers = np.concatenate([true, predicted])
    if not np.issubdtype(numbers.dtype, np.integer) or numbers.min() < 0 or numbers.max() >= classes:
        raise BadArgumentError(
            f"Whole class numbers from 0 to {classes - 1} were expected, one per class name; "
            f"{numbers.dtype} from {numbers.min()} to {numbers.max()} was received. Check labels and names."
        )
    return true, predicted


def _describe_confusion(counts: np.ndarray, names: Sequence[str]) -> str:
    total, right = counts.sum(), np.trace(counts)
    rows = counts.sum(axis=1)
    shares = [f"{name} {percent(counts[i, i] / rows[i])}" for i, name in enumerate(names) if rows[i]]
    text = f"Confusion matrix of {counted(total, 'image')}, {percent(right / total)} right. Right per class: {listed(shares)}."
    wrong = counts - np.diag(np.diag(counts))
    if wrong.any():
        row, column = np.unravel_index(int(wrong.argmax()), wrong.shape)
        text += (
            f" The commonest mistake: {names[row]} taken for {names[column]}, {counted(wrong[row, column], 'time')}."
        )
    return text


def _neighbours(points: np.ndarray, labels: np.ndarray) -> str:
    # A thousand points are enough for the sentence, and keep the table of distances small.
    chosen = np.linspace(0, len(points) - 1, min(len(points), 1000)).astype(int)
    points, labels = points[chosen], labels[chosen]
    if len(points) < 2:
        return ""
    distances = ((points[:, None] - points[None]) ** 2).sum(axis=-1)
    np.fill_diagonal(distances, np.inf)
    same = (labels[distances.argmin(axis=1)] == labels).mean()
    return f"The nearest neighbour of a point is of the same class in {percent(same)} of the cases."
