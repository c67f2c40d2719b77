"""What a model answers, beside the image it was asked about: its five likeliest classes, its mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from course_utils.errors import BadArgumentError
from course_utils.plots.figures import PALETTE, AxesGrid, describe, listed, new_figure, style
from course_utils.plots.images import as_image, as_list, counted, draw, even_columns, image_grid, percent, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def top_five(
    image: Any,
    decoded: Sequence[Any],
    *,
    title: str | None = None,
    alt: str | None = None,
    figure: Any = None,
) -> AxesGrid:
    """Shows an image beside its likeliest classes, as bars with names and percentages; or several, one per row.

    Args:
        image: one image, or several, as `as_image` takes them.
        decoded: what ``models.decode_predictions`` returns: for each image a list of
            ``(wnid, name, probability)``, likeliest first, probabilities from 0 to 1. For one image its own list
            will do, and ``(name, probability)`` pairs will too.
        title: a text above the whole.
        alt: the description; by default every name and percentage.
        figure: an empty figure to draw into.

    Returns:
        The Axes: ``(2,)`` for one image (image, bars), ``(N, 2)`` for several.

    Raises:
        BadArgumentError: if images and predictions do not match, or a prediction is not one of the forms above.
    """
    drawn = [as_image(one) for one in as_list(image)]
    rows = [_name_and_probability(row) for row in _prediction_rows(decoded)]
    if len(rows) != len(drawn):
        raise BadArgumentError(
            f"One list of predictions was expected per image; {len(drawn)} images and {len(rows)} lists were "
            "received. Decode the predictions of exactly these images."
        )
    with style():
        figure = new_figure((8.2, 0.35 + 2.4 * len(drawn)), figure=figure)
        cells = figure.subplots(len(drawn), 2, squeeze=False, width_ratios=(1, 1.55))
        for (left, right), pixels, row in zip(cells, drawn, rows, strict=True):
            draw(left, pixels)
            _draw_bars(right, row)
        cells[-1, 1].set_xlabel("probability (%)")
        if title:
            figure.suptitle(title)
    axes = AxesGrid(cells if len(drawn) > 1 else cells[0])
    describe(axes, alt or _describe_bars(rows, title))
    return axes


def mistakes_grid(
    images: Any,
    true: Sequence[int],
    predicted: Sequence[int],
    probabilities: Sequence[float] | np.ndarray | None = None,
    *,
    class_names: Sequence[str],
    most: int = 12,
    alt: str | None = None,
    figure: Any = None,
) -> AxesGrid:
    """Shows the images a model got wrong, the most confident mistake first.

    Args:
        images: all images, ``(N, H, W, 3)``.
        true: right class numbers, ``(N,)``.
        predicted: the model's class numbers, ``(N,)``.
        probabilities: the model's probability for its answer, ``(N,)``, or for every class, ``(N, classes)``, in
            0 to 1. Without them the mistakes keep their order.
        class_names: a name for each class number.
        most: how many mistakes are shown at most.
        alt: the description; by default how many are wrong, and each one shown.
        figure: an empty figure to draw into.

    Returns:
        The Axes, one per image shown. Without any mistake: one empty Axes that says so.

    Raises:
        BadArgumentError: if the lengths differ.
    """
    true, predicted = np.asarray(true), np.asarray(predicted)
    if not len(images) == len(true) == len(predicted):
        raise BadArgumentError(
            "As many right and predicted classes as images were expected; "
            f"{len(images)} images, {len(true)} right and {len(predicted)} predicted classes were received. "
            "Pass the three for the same images."
        )
    wrong = np.flatnonzero(true != predicted)
    confidence = _confidence(probabilities, predicted)
    if confidence is not None:
        wrong = wrong[np.argsort(-confidence[wrong], kind="stable")]
    summary = f"{len(wrong)} of {len(true)} wrong"
    if len(wrong) == 0:
        none = f"No mistakes in {counted(len(true), 'image')}"
        with style():
            figure = new_figure((4, 1.2), figure=figure)
            ax = figure.add_subplot()
            ax.set_axis_off()
            ax.text(0.5, 0.5, none, ha="center", va="center")
        axes = AxesGrid([ax])
        describe(axes, alt or none + ".")
        return axes
    shown = wrong[:most]
    sure = [f" ({percent(confidence[i])})" if confidence is not None else "" for i in shown]
    titles = [
        f"is {class_names[true[i]]}\nsays {class_names[predicted[i]]}{s}" for i, s in zip(shown, sure, strict=True)
    ]
    said = [
        f"{class_names[true[i]]} taken for {class_names[predicted[i]]}{s}" for i, s in zip(shown, sure, strict=True)
    ]
    order = ", the most confident first" if confidence is not None and len(shown) > 1 else ""
    axes = image_grid(
        [images[i] for i in shown],
        titles=titles,
        columns=even_columns(len(shown), most=4),
        title=summary,
        figure=figure,
    )
    describe(axes, alt or f"Images the model got wrong, {summary}{order}: {listed(said)}.")
    return axes


def _prediction_rows(decoded: Sequence[Any]) -> list[Any]:
    rows = list(decoded)
    if rows and len(rows[0]) in (2, 3) and isinstance(rows[0][0], str):
        return [rows]  # one image's own list
    return rows


def _name_and_probability(row: Sequence[Any]) -> list[tuple[str, float]]:
    try:
        pairs = [(str(entry[-2]).replace("_", " "), float(entry[-1])) for entry in row]
    except (TypeError, ValueError, IndexError):
        pairs = []
    if not pairs or not all(0 <= probability <= 1.001 for _, probability in pairs):
        raise BadArgumentError(
            "Each prediction was expected as (wnid, name, probability) with a probability from 0 to 1; "
            f"{str(row)[:80]!r} was received. Pass what decode_predictions returns."
        )
    return pairs


def _draw_bars(ax: Axes, row: Sequence[tuple[str, float]]) -> None:
    places = np.arange(len(row))
    bars = ax.barh(places, [100 * p for _, p in row], height=0.62, color=PALETTE[4], edgecolor="black", linewidth=0.6)
    bars[0].set_facecolor(PALETTE[1])
    bars[0].set_hatch("//")
    ax.bar_label(bars, [percent(p) for _, p in row], padding=3)
    ax.set_yticks(places, [wrap(name, width=22) for name, _ in row])
    ax.invert_yaxis()
    ax.set_xlim(0, 118)  # room for "100 %" beside a full bar
    ax.set_xticks(range(0, 101, 25))


def _describe_bars(rows: Sequence[Sequence[tuple[str, float]]], title: str | None) -> str:
    texts = []
    for number, row in enumerate(rows, start=1):
        which = "A photograph" if len(rows) == 1 else f"Photograph {number}"
        bars = "one bar" if len(row) == 1 else f"{len(row)} bars"
        texts.append(f"{which} and {bars}: " + ", ".join(f"{name} {percent(p)}" for name, p in row) + ".")
    return (f"{title}. " if title else "") + " ".join(texts)


def _confidence(probabilities: Any, predicted: np.ndarray) -> np.ndarray | None:
    if probabilities is None:
        return None
    probabilities = np.asarray(probabilities, dtype=np.float64)
    if probabilities.ndim == 2:
        return probabilities[np.arange(len(predicted)), predicted]
    return probabilities
