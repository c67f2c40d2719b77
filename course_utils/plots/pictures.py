"""Pictures as pictures: grids, a photograph beside its five likeliest classes, kernels, feature maps, mistakes."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from course_utils.errors import BadArgumentError
from course_utils.plots.figures import PALETTE, AxesGrid, describe, listed, new_figure, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def as_picture(image: Any, *, stretch: bool = False) -> np.ndarray:
    """Turns an image into what matplotlib shows without a warning.

    Args:
        image: ``(H, W)``, ``(H, W, 1)``, ``(H, W, 3)`` or ``(H, W, 4)``; uint8 in 0 to 255, or float in 0 to 1 or 0 to 255
            (a float image whose largest value is at most 1 is taken to be in 0 to 1), or a PIL image.
        stretch: spread the values over the whole range, from the smallest (black) to the largest (white); the only
            way to look at an image with negative values, such as one that has been preprocessed for a network.

    Returns:
        uint8, ``(H, W)``, ``(H, W, 3)`` or ``(H, W, 4)``.

    Raises:
        BadArgumentError: for another shape, for negative values without ``stretch``, and for values that are not
            numbers.
    """
    picture = np.asarray(image)
    if picture.ndim == 3 and picture.shape[-1] == 1:
        picture = picture[..., 0]
    if picture.ndim not in (2, 3) or (picture.ndim == 3 and picture.shape[-1] not in (3, 4)) or picture.size == 0:
        raise BadArgumentError(
            "A picture was expected to have the shape (height, width), (height, width, 1), (height, width, 3) or "
            f"(height, width, 4); {np.shape(image)} was received. Pass one picture at a time, channels last."
        )
    if picture.dtype == np.uint8 and not stretch:
        return picture
    picture = picture.astype(np.float64)
    low, high = picture.min(), picture.max()
    if not np.isfinite([low, high]).all():
        raise BadArgumentError(
            "A picture was expected to hold finite numbers; NaN or infinity was received. "
            "Look at the step that computed it, with np.isfinite(picture).all()."
        )
    if stretch:
        return np.round((picture - low) / (high - low or 1.0) * 255).astype(np.uint8)
    if low < 0:
        raise BadArgumentError(
            f"A picture was expected to hold values from 0 to 255, or 0 to 1; its smallest is {low:.4g}. "
            "It looks preprocessed for a network: show the original picture, or pass stretch=True."
        )
    return np.round(np.clip(picture * (255 if high <= 1 else 1), 0, 255)).astype(np.uint8)


def picture_grid(
    images: Any,
    *,
    titles: Sequence[Any] | None = None,
    columns: int | None = None,
    stretch: bool = False,
    title: str | None = None,
    alt: str | None = None,
    figure: Any = None,
) -> AxesGrid:
    """Shows pictures in rows and columns.

    Args:
        images: one picture, or several (a list, or an array ``(N, H, W, 3)``), each as `as_picture` takes it.
        titles: a text above each picture.
        columns: pictures per row; by default at most six, in rows as even as they can be.
        stretch: see `as_picture`.
        title: a text above the whole.
        alt: the description; by default the number of pictures and their titles.
        figure: an empty figure to draw into.

    Returns:
        The Axes, one per picture, ``(N,)``.

    Raises:
        BadArgumentError: for no pictures, for a picture that cannot be shown, or for another number of titles.
    """
    pictures = [as_picture(image, stretch=stretch) for image in _as_list(images)]
    titles = _titles(titles, len(pictures))
    columns = columns or even_columns(len(pictures))
    axes = grid(pictures, titles, columns=columns, title=title, figure=figure)
    describe(axes, alt or _describe_pictures("picture", titles, len(pictures), title))
    return axes


def top_five(
    image: Any,
    decoded: Sequence[Any],
    *,
    title: str | None = None,
    alt: str | None = None,
    figure: Any = None,
) -> AxesGrid:
    """Shows a picture beside its likeliest classes, as bars with names and percentages; or several, one per row.

    Args:
        image: one picture, or several, as `as_picture` takes them.
        decoded: what ``models.decode_predictions`` returns: for each picture a list of
            ``(wnid, name, probability)``, likeliest first, probabilities from 0 to 1. For one picture its own list
            will do, and ``(name, probability)`` pairs will too.
        title: a text above the whole.
        alt: the description; by default every name and percentage.
        figure: an empty figure to draw into.

    Returns:
        The Axes: ``(2,)`` for one picture (picture, bars), ``(N, 2)`` for several.

    Raises:
        BadArgumentError: if pictures and predictions do not match, or a prediction is not one of the forms above.
    """
    pictures = [as_picture(one) for one in _as_list(image)]
    rows = [_name_and_probability(row) for row in _prediction_rows(decoded)]
    if len(rows) != len(pictures):
        raise BadArgumentError(
            f"One list of predictions was expected per picture; {len(pictures)} pictures and {len(rows)} lists were "
            "received. Decode the predictions of exactly these pictures."
        )
    with style():
        figure = new_figure((8.2, 0.35 + 2.4 * len(pictures)), figure=figure)
        cells = figure.subplots(len(pictures), 2, squeeze=False, width_ratios=(1, 1.55))
        for (left, right), picture, row in zip(cells, pictures, rows, strict=True):
            draw(left, picture)
            _draw_bars(right, row)
        cells[-1, 1].set_xlabel("probability (%)")
        if title:
            figure.suptitle(title)
    axes = AxesGrid(cells if len(pictures) > 1 else cells[0])
    describe(axes, alt or _describe_bars(rows, title))
    return axes


def _as_list(images: Any) -> list[Any]:
    if hasattr(images, "mode") and hasattr(images, "size"):  # a PIL image
        return [images]
    if isinstance(images, np.ndarray) or hasattr(images, "__array__"):
        images = np.asarray(images)
        single = images.ndim == 2 or (images.ndim == 3 and images.shape[-1] in (1, 3, 4))
        pictures = [images] if single else list(images)
    else:
        pictures = list(images)
    if not pictures:
        raise BadArgumentError("At least one picture was expected; none was received. Check how they were selected.")
    return pictures


def _titles(titles: Sequence[Any] | None, count: int) -> list[str]:
    if titles is None:
        return [""] * count
    titles = [titles] if isinstance(titles, str) else [str(title) for title in titles]
    if len(titles) != count:
        raise BadArgumentError(
            f"One title per picture was expected; {count} pictures and {len(titles)} titles were received. "
            "Pass both in the same order and number."
        )
    return titles


def even_columns(count: int, *, most: int = 6) -> int:
    rows = -(-count // most)
    return -(-count // rows)


def grid(
    pictures: Sequence[np.ndarray],
    titles: Sequence[str],
    *,
    columns: int,
    title: str | None,
    figure: Any,
    edge: float | None = None,
) -> AxesGrid:
    """Draws pictures in rows and columns; what `picture_grid` and the other grids share.

    Args:
        pictures: as `as_picture` returns them.
        titles: one text per picture, wrapped to fit.
        columns: pictures per row.
        title: a text above the whole.
        figure: an empty figure to draw into.
        edge: inches per column.

    Returns:
        The Axes, one per picture.
    """
    edge = edge or (1.75 if columns > 4 else 2.1)  # inches
    # At ten points about nine letters fit into an inch.
    wrapped = [wrap(text, width=max(10, int(edge * 9))) for text in titles]
    heights = []
    for start in range(0, len(pictures), columns):
        tallest = max(picture.shape[0] / picture.shape[1] for picture in pictures[start : start + columns])
        lines = max(text.count("\n") + 1 if text else 0 for text in wrapped[start : start + columns])
        heights.append(edge * min(tallest, 2.0) + 0.2 * lines)
    size = (max(edge * columns, 2.4), sum(heights) + (0.4 if title else 0))
    with style():
        figure = new_figure(size, figure=figure)
        cells = figure.subplots(len(heights), columns, squeeze=False, height_ratios=heights).ravel()
        for ax in cells[len(pictures) :]:
            ax.remove()
        for ax, picture, text in zip(cells, pictures, wrapped, strict=False):
            draw(ax, picture)
            if text:
                ax.set_title(text, fontsize=10)
        if title:
            figure.suptitle(title)
    return AxesGrid(cells[: len(pictures)])


def draw(ax: Axes, picture: np.ndarray) -> None:
    """Draws one picture without axes; small ones keep their pixels.

    Args:
        ax: where.
        picture: as `as_picture` returns it.
    """
    sharp = "nearest" if min(picture.shape[:2]) < 64 else None
    ax.imshow(picture, cmap="gray", vmin=0, vmax=255, interpolation=sharp)
    ax.set_axis_off()


def wrap(text: str, *, width: int) -> str:
    return "\n".join(textwrap.fill(line, width=width) for line in text.split("\n"))


def _prediction_rows(decoded: Sequence[Any]) -> list[Any]:
    rows = list(decoded)
    if rows and len(rows[0]) in (2, 3) and isinstance(rows[0][0], str):
        return [rows]  # one picture's own list
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


def percent(probability: float) -> str:
    percent = 100 * probability
    return f"{percent:.0f} %" if percent >= 9.95 else f"{percent:.1f} %" if percent >= 0.05 else "< 0.1 %"


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


def _describe_pictures(kind: str, titles: Sequence[str], count: int, title: str | None) -> str:
    named = [" ".join(text.split()) for text in titles if text]
    head = f"{title}. " if title else ""
    what = f"1 {kind}" if count == 1 else f"A grid of {count} {kind}s"
    return f"{head}{what}: {listed(named)}." if named else f"{head}{what}."


def _describe_bars(rows: Sequence[Sequence[tuple[str, float]]], title: str | None) -> str:
    texts = []
    for number, row in enumerate(rows, start=1):
        which = "A photograph" if len(rows) == 1 else f"Photograph {number}"
        bars = "one bar" if len(row) == 1 else f"{len(row)} bars"
        texts.append(f"{which} and {bars}: " + ", ".join(f"{name} {percent(p)}" for name, p in row) + ".")
    return (f"{title}. " if title else "") + " ".join(texts)


def counted(count: int, noun: str) -> str:
    """Writes a count with its noun.

    Args:
        count: how many.
        noun: in the singular.

    Returns:
        For example ``"1 picture"`` or ``"4 pictures"``.
    """
    return f"{count} {noun}{'' if count == 1 else 's'}"
