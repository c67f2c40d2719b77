"""How good a model is: accuracies with confidence intervals, confusion matrix, misclassified images, embeddings."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from course_utils.errors import BadArgumentError
from course_utils.plots.figures import HATCHES, MARKERS, PALETTE, Axes, AxesGrid, finish, label_bars, new_axes, style
from course_utils.plots.images import even_columns, image_grid
from course_utils.plots.text import counted, listed, percent


def confusion_matrix(
    true: Sequence[int], predicted: Sequence[int], class_names: Sequence[str], *, title: str | None = None
) -> Axes:
    """Shows how often each class was predicted as which: one row per true class, counts and share of the row.

    Args:
        true, predicted: class numbers, ``(N,)``.
        class_names: a name for each class number.

    Raises:
        BadArgumentError: if the lengths differ, or a number has no name.
    """
    true, predicted = _class_numbers(true, predicted, len(class_names))
    counts = np.zeros((len(class_names), len(class_names)), dtype=int)
    np.add.at(counts, (true, predicted), 1)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    size = 2.2 + 0.85 * len(class_names)
    with style():
        ax = new_axes((size + 1.2, size))
        image = ax.imshow(100 * shares, cmap="Blues", vmin=0, vmax=100)
        for (row, column), count in np.ndenumerate(counts):
            text = f"{count}\n{100 * shares[row, column]:.0f} %" if count else "0"
            colour = "white" if shares[row, column] > 0.55 else "black"
            ax.text(column, row, text, ha="center", va="center", color=colour, fontsize=10)
        places = range(len(class_names))
        # Horizontal names would touch each other from about eleven letters on.
        slanted = max(len(name) for name in class_names) > 10
        look = {"rotation": 35, "ha": "right", "rotation_mode": "anchor"} if slanted else {}
        ax.set_xticks(places, class_names, **look)
        ax.set_yticks(places, class_names)
        ax.set_xlabel("predicted class")
        ax.set_ylabel("true class")
        ax.spines[:].set_visible(False)
        ax.figure.colorbar(image, ax=ax, label="share of the true class (%)", shrink=0.8)
    return finish(ax, _describe_confusion(counts, class_names), title=title)


def accuracy_bars(
    results: Mapping[str, Sequence[float]], *, reference: Mapping[str, float] | None = None, title: str | None = None
) -> Axes:
    """Shows accuracies as bars with their confidence intervals.

    Args:
        results: for each name ``(accuracy, low, high)``, all from 0 to 1; ``low`` and ``high`` end the interval.
        reference: baselines drawn as lines, for example ``{"majority class": 0.31}``, from 0 to 1.

    Raises:
        BadArgumentError: if a result is not three numbers in order, from 0 to 1.
    """
    values = {}
    for name, result in results.items():
        numbers = np.asarray(tuple(result), dtype=float)
        if numbers.shape != (3,) or not 0 <= numbers[1] <= numbers[0] <= numbers[2] <= 1:
            raise BadArgumentError(
                f"(accuracy, low, high) with low <= accuracy <= high, all from 0 to 1, was expected for {name!r}; "
                f"{result!r} was received. Pass the accuracy and both ends of its confidence interval."
            )
        values[name] = 100 * numbers
    if not values:
        raise BadArgumentError("At least one accuracy was expected; none was received. Add one.")
    reference = dict(reference or {})
    with style():
        ax = new_axes((7.2, 1.1 + 0.55 * len(values)))
        for place, (mean, low, high) in enumerate(values.values()):
            ax.barh(place, mean, height=0.6, color=PALETTE[4], hatch=HATCHES[place % len(HATCHES)])
            ax.errorbar(mean, place, xerr=[[mean - low], [high - mean]], color="black", capsize=5, linewidth=1.6)
            ax.annotate(
                f"{mean:.0f} %", (high, place), xytext=(7, 0), textcoords="offset points", va="center", fontsize=10
            )
        for number, (name, level) in enumerate(reference.items()):
            ax.axvline(100 * level, color=PALETTE[3], linestyle=("--", ":", "-.")[number % 3], label=name)
        label_bars(ax, list(values), width=26)
        ax.set_xlim(0, 108)
        ax.set_xticks(range(0, 101, 20))
        ax.set_xlabel("accuracy (%), with confidence interval")
        if reference:
            ax.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=3)
    bars = [f"{name} {mean:.0f} % ({low:.0f} to {high:.0f} %)" for name, (mean, low, high) in values.items()]
    lines = "".join(f" A line at {100 * level:.0f} %: {name}." for name, level in reference.items())
    text = f"Accuracies with confidence intervals: {listed(bars)}.{lines}"
    return finish(ax, text, title=title, loc="left", pad=30 if reference else None)


def embedding_map(
    points: np.ndarray, labels: Sequence[int], class_names: Sequence[str], *, title: str | None = None
) -> Axes:
    """Shows features reduced to two dimensions, each class with its own colour and its own marker.

    Args:
        points: ``(N, 2)``, for example from PCA or t-SNE.
        labels: class numbers, ``(N,)``.
        class_names: a name for each class number.

    Raises:
        BadArgumentError: if the points are not ``(N, 2)``, the lengths differ, or a number has no name.
    """
    from sklearn.neighbors import NearestNeighbors

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
        ax = new_axes((7.6, 4.8))
        for number, name in enumerate(class_names):
            here = points[labels == number]
            # Eight colours and eight markers; from the ninth class on the pairs are shifted, so that none comes twice.
            marker = MARKERS[(number + number // len(PALETTE)) % len(MARKERS)]
            look = {"color": PALETTE[number % len(PALETTE)], "edgecolor": "black", "linewidth": 0.4, "alpha": 0.85}
            ax.scatter(*here.T, s=34, marker=marker, label=name, **look)
        ax.set_xlabel("first coordinate (no unit)")
        ax.set_ylabel("second coordinate (no unit)")
        ax.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
    text = f"A scatter plot of {len(points)} points in {len(class_names)} classes: {listed(class_names)}."
    if len(points) > 1:
        neighbours = NearestNeighbors(n_neighbors=1).fit(points).kneighbors(return_distance=False)[:, 0]
        same = percent((labels[neighbours] == labels).mean())
        text += f" For {same} of the points, the nearest neighbour is of the same class."
    return finish(ax, text, title=title)


def mistakes_grid(
    images: Any,
    true: Sequence[int],
    predicted: Sequence[int],
    probabilities: Sequence[float] | np.ndarray | None = None,
    *,
    class_names: Sequence[str],
    most: int = 12,
) -> AxesGrid:
    """Shows misclassified images, the most confident mistake first; without any mistake, one empty Axes that says so.

    Args:
        images: all images, ``(N, H, W, 3)``.
        true, predicted: class numbers, ``(N,)``.
        probabilities: the probability of the predicted class, ``(N,)``, or of every class, ``(N, classes)``, from 0 to
            1. Without them the mistakes keep their order.
        class_names: a name for each class number.
        most: how many mistakes are shown at most.

    Raises:
        BadArgumentError: if the lengths differ, or a number has no name.
    """
    true, predicted = _class_numbers(true, predicted, len(class_names))
    if len(images) != len(true):
        raise BadArgumentError(
            f"One class per image was expected; {len(images)} images and {len(true)} classes were received. "
            "Pass both for the same images."
        )
    wrong = np.flatnonzero(true != predicted)
    if len(wrong) == 0:
        none = f"No mistakes in {counted(len(true), 'image')}"
        with style():
            ax = new_axes((4, 1.2))
            ax.set_axis_off()
            ax.text(0.5, 0.5, none, ha="center", va="center")
        return finish(AxesGrid([ax]), f"{none}.", title=None)
    confidence, order = [""] * len(true), ""
    if probabilities is not None:
        chosen = np.asarray(probabilities, dtype=np.float64)
        if chosen.ndim == 2:
            chosen = chosen[np.arange(len(predicted)), predicted]
        wrong = wrong[np.argsort(-chosen[wrong], kind="stable")]
        confidence, order = [f" ({percent(p)})" for p in chosen], ", the most confident mistake first"
    shown = [(i, class_names[true[i]], class_names[predicted[i]] + confidence[i]) for i in wrong[:most]]
    title = f"{len(wrong)} of {counted(len(true), 'image')} misclassified"
    axes = image_grid(
        [images[i] for i, _, _ in shown],
        titles=[f"true: {truth}\npredicted: {answer}" for _, truth, answer in shown],
        columns=even_columns(len(shown), most=4),
        title=title,
    )
    pairs = listed([f"{truth} predicted as {answer}" for _, truth, answer in shown])
    return finish(axes, f"{title}{order}: {pairs}.", title=None)


def _class_numbers(true: Any, predicted: Any, classes: int) -> tuple[np.ndarray, np.ndarray]:
    true, predicted = np.asarray(true), np.asarray(predicted)
    if true.shape != predicted.shape or true.ndim != 1 or len(true) == 0:
        raise BadArgumentError(
            "Two arrays of class numbers, (N,), of the same length were expected; "
            f"{true.shape} and {predicted.shape} were received. Use argmax(axis=1) on one-hot or probability rows."
        )
    numbers = np.concatenate([true, predicted])
    if not np.issubdtype(numbers.dtype, np.integer) or numbers.min() < 0 or numbers.max() >= classes:
        raise BadArgumentError(
            f"Integer class numbers from 0 to {classes - 1} were expected, one per class name; "
            f"{numbers.dtype} from {numbers.min()} to {numbers.max()} was received. Check labels and names."
        )
    return true, predicted


def _describe_confusion(counts: np.ndarray, names: Sequence[str]) -> str:
    total, right = counts.sum(), np.trace(counts)
    rows = counts.sum(axis=1)
    shares = [f"{name} {percent(counts[i, i] / rows[i])}" for i, name in enumerate(names) if rows[i]]
    text = f"Confusion matrix of {counted(total, 'image')}: accuracy {percent(right / total)}. Recall by class: {listed(shares)}."
    wrong = counts - np.diag(np.diag(counts))
    if wrong.any():
        row, column = np.unravel_index(int(wrong.argmax()), wrong.shape)
        text += (
            f" Most frequent error: {names[row]} predicted as {names[column]}, {counted(wrong[row, column], 'time')}."
        )
    return text
