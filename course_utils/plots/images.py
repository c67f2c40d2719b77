"""Images as images: what can be shown, and grids of it."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from course_utils.errors import BadArgumentError
from course_utils.plots.figures import AxesGrid, describe, listed, new_figure, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def as_image(image: Any, *, stretch: bool = False) -> np.ndarray:
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
    pixels = np.asarray(image)
    if pixels.ndim == 3 and pixels.shape[-1] == 1:
        pixels = pixels[..., 0]
    if pixels.ndim not in (2, 3) or (pixels.ndim == 3 and pixels.shape[-1] not in (3, 4)) or pixels.size == 0:
        raise BadArgumentError(
            "An image was expected to have the shape (height, width), (height, width, 1), (height, width, 3) or "
            f"(height, width, 4); {np.shape(image)} was received. Pass one image at a time, channels last."
        )
    if pixels.dtype == np.uint8 and not stretch:
        return pixels
    pixels = pixels.astype(np.float64)
    low, high = pixels.min(), pixels.max()
    if not np.isfinite([low, high]).all():
        raise BadArgumentError(
            "An image was expected to hold finite numbers; NaN or infinity was received. "
            "Look at the step that computed it, with np.isfinite(image).all()."
        )
    if stretch:
        return np.round((pixels - low) / (high - low or 1.0) * 255).astype(np.uint8)
    if low < 0:
        raise BadArgumentError(
            f"An image was expected to hold values from 0 to 255, or 0 to 1; its smallest is {low:.4g}. "
            "It looks preprocessed for a network: show the original image, or pass stretch=True."
        )
    return np.round(np.clip(pixels * (255 if high <= 1 else 1), 0, 255)).astype(np.uint8)


def image_grid(
    images: Any,
    *,
    titles: Sequence[Any] | None = None,
    columns: int | None = None,
    stretch: bool = False,
    title: str | None = None,
    alt: str | None = None,
    figure: Any = None,
) -> AxesGrid:
    """Shows images in rows and columns.

    Args:
        images: one image, or several (a list, or an array ``(N, H, W, 3)``), each as `as_image` takes it.
        titles: a text above each image.
        columns: images per row; by default at most six, in rows as even as they can be.
        stretch: see `as_image`.
        title: a text above the whole.
        alt: the description; by default the number of images and their titles.
        figure: an empty figure to draw into.

    Returns:
        The Axes, one per image, ``(N,)``.

    Raises:
        BadArgumentError: for no images, for an image that cannot be shown, or for another number of titles.
    """
    drawn = [as_image(image, stretch=stretch) for image in as_list(images)]
    titles = _titles(titles, len(drawn))
    columns = columns or even_columns(len(drawn))
    axes = grid(drawn, titles, columns=columns, title=title, figure=figure)
    describe(axes, alt or _describe_images("image", titles, len(drawn), title))
    return axes


def as_list(images: Any) -> list[Any]:
    """Tells one image from several.

    Args:
        images: one image, a list of images, or an array ``(N, H, W, C)``.

    Returns:
        A list of images.

    Raises:
        BadArgumentError: if there is none.
    """
    if hasattr(images, "mode") and hasattr(images, "size"):  # a PIL image
        return [images]
    if isinstance(images, np.ndarray) or hasattr(images, "__array__"):
        images = np.asarray(images)
        single = images.ndim == 2 or (images.ndim == 3 and images.shape[-1] in (1, 3, 4))
        found = [images] if single else list(images)
    else:
        found = list(images)
    if not found:
        raise BadArgumentError("At least one image was expected; none was received. Check how they were selected.")
    return found


def _titles(titles: Sequence[Any] | None, count: int) -> list[str]:
    if titles is None:
        return [""] * count
    titles = [titles] if isinstance(titles, str) else [str(title) for title in titles]
    if len(titles) != count:
        raise BadArgumentError(
            f"One title per image was expected; {count} images and {len(titles)} titles were received. "
            "Pass both in the same order and number."
        )
    return titles


def even_columns(count: int, *, most: int = 6) -> int:
    """Chooses how many images stand in a row, so that the rows are as even as they can be.

    Args:
        count: how many images there are.
        most: how many fit into a row.

    Returns:
        The number of columns.
    """
    rows = -(-count // most)
    return -(-count // rows)


def grid(
    images: Sequence[np.ndarray],
    titles: Sequence[str],
    *,
    columns: int,
    title: str | None,
    figure: Any,
    edge: float | None = None,
) -> AxesGrid:
    """Draws images in rows and columns; what `image_grid` and the other grids share.

    Args:
        images: as `as_image` returns them.
        titles: one text per image, wrapped to fit.
        columns: images per row.
        title: a text above the whole.
        figure: an empty figure to draw into.
        edge: inches per column.

    Returns:
        The Axes, one per image.
    """
    edge = edge or (1.75 if columns > 4 else 2.1)  # inches
    # At ten points about nine letters fit into an inch.
    wrapped = [wrap(text, width=max(10, int(edge * 9))) for text in titles]
    heights = []
    for start in range(0, len(images), columns):
        tallest = max(image.shape[0] / image.shape[1] for image in images[start : start + columns])
        lines = max(text.count("\n") + 1 if text else 0 for text in wrapped[start : start + columns])
        heights.append(edge * min(tallest, 2.0) + 0.2 * lines)
    size = (max(edge * columns, 2.4), sum(heights) + (0.4 if title else 0))
    with style():
        figure = new_figure(size, figure=figure)
        cells = figure.subplots(len(heights), columns, squeeze=False, height_ratios=heights).ravel()
        for ax in cells[len(images) :]:
            ax.remove()
        for ax, image, text in zip(cells, images, wrapped, strict=False):
            draw(ax, image)
            if text:
                ax.set_title(text, fontsize=10)
        if title:
            figure.suptitle(title)
    return AxesGrid(cells[: len(images)])


def draw(ax: Axes, image: np.ndarray) -> None:
    """Draws one image without axes; small ones keep their pixels.

    Args:
        ax: where.
        image: as `as_image` returns it.
    """
    sharp = "nearest" if min(image.shape[:2]) < 64 else None
    ax.imshow(image, cmap="gray", vmin=0, vmax=255, interpolation=sharp)
    ax.set_axis_off()


def wrap(text: str, *, width: int) -> str:
    """Breaks a text into lines, keeping the line breaks it has.

    Args:
        text: the text.
        width: letters per line.

    Returns:
        The text with line breaks.
    """
    return "\n".join(textwrap.fill(line, width=width) for line in text.split("\n"))


def percent(share: float) -> str:
    """Writes a share as a percentage, as briefly as is honest.

    Args:
        share: from 0 to 1.

    Returns:
        For example ``"94 %"``, ``"3.1 %"``, ``"< 0.1 %"`` or ``"0 %"``.
    """
    number = 100 * share
    if number == 0 or number >= 9.95:
        return f"{number:.0f} %"
    return f"{number:.1f} %" if number >= 0.05 else "< 0.1 %"


def _describe_images(kind: str, titles: Sequence[str], count: int, title: str | None) -> str:
    named = [" ".join(text.split()) for text in titles if text]
    head = f"{title}. " if title else ""
    what = f"1 {kind}" if count == 1 else f"A grid of {count} {kind}s"
    return f"{head}{what}: {listed(named)}." if named else f"{head}{what}."


def counted(count: int, noun: str) -> str:
    """Writes a count with its noun.

    Args:
        count: how many.
        noun: in the singular.

    Returns:
        For example ``"1 image"`` or ``"4 images"``.
    """
    return f"{count} {noun}{'' if count == 1 else 's'}"
