"""Images as matplotlib takes them, and grids of images."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from course_utils.errors import BadArgumentError
from course_utils.plots.figures import Axes, AxesGrid, finish, new_figure, style
from course_utils.plots.text import listed, wrap


def as_image(image: Any, *, stretch: bool = False) -> np.ndarray:
    """Turns an image into what matplotlib shows without a warning: uint8, ``(H, W)``, ``(H, W, 3)`` or ``(H, W, 4)``.

    Args:
        image: ``(H, W)`` or ``(H, W, 1 | 3 | 4)``; uint8 in 0 to 255, or float in 0 to 1 or 0 to 255 (a float image
            whose largest value is at most 1 is taken to be in 0 to 1), or a PIL image.
        stretch: spread the values over the whole range, from the smallest (black) to the largest (white); the only way
            to look at an image with negative values, such as one that has been preprocessed for a network.

    Raises:
        BadArgumentError: for another shape, for negative values without ``stretch``, and for what are no numbers.
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
    width: float | None = None,
    stretch: bool = False,
    title: str | None = None,
    alt: str | None = None,
    figure: Any = None,
) -> AxesGrid:
    """Shows images in rows and columns; the Axes are one per image, ``(N,)``.

    Args:
        images: one image, or several (a list, or an array ``(N, H, W, 3)``), each as `as_image` takes it.
        titles: a text above each image.
        columns: images per row; by default at most six, in rows as even as they can be.
        width: inches per image; by default 2.1, or 1.75 with more than four columns.
        stretch: see `as_image`.
        alt: the description; by default the number of images and their titles.

    Raises:
        BadArgumentError: for no images, for an image that cannot be shown, or for another number of titles.
    """
    shown = [as_image(image, stretch=stretch) for image in as_list(images)]
    count = len(shown)
    titles = [""] * count if titles is None else [titles] if isinstance(titles, str) else [str(one) for one in titles]
    if len(titles) != count:
        raise BadArgumentError(
            f"One title per image was expected; {count} images and {len(titles)} titles were received. "
            "Pass both in the same order and number."
        )
    columns = columns or even_columns(count)
    width = width or (1.75 if columns > 4 else 2.1)
    # At ten points about nine letters fit into an inch.
    wrapped = [wrap(text, width=max(10, int(width * 9))) for text in titles]
    heights = []
    for start in range(0, count, columns):
        tallest = max(image.shape[0] / image.shape[1] for image in shown[start : start + columns])
        lines = max(text.count("\n") + 1 if text else 0 for text in wrapped[start : start + columns])
        heights.append(width * min(tallest, 2.0) + 0.2 * lines)
    with style():
        figure = new_figure((max(width * columns, 2.4), sum(heights) + (0.4 if title else 0)), figure=figure)
        cells = figure.subplots(len(heights), columns, squeeze=False, height_ratios=heights).ravel()
        for ax in cells[count:]:
            ax.remove()
        for ax, image, text in zip(cells, shown, wrapped, strict=False):
            show_image(ax, image)
            ax.set_title(text, fontsize=10)
    what = "1 image" if count == 1 else f"A grid of {count} images"
    named = [" ".join(text.split()) for text in titles if text]
    return finish(AxesGrid(cells[:count]), f"{what}: {listed(named)}." if named else f"{what}.", title=title, alt=alt)


def as_list(images: Any) -> list[Any]:
    """Makes a list of one image, several, or an array ``(N, H, W, C)``; raises ``BadArgumentError`` for none."""
    if hasattr(images, "mode") and hasattr(images, "size"):  # a PIL image
        return [images]
    if hasattr(images, "__array__"):
        images = np.asarray(images)
        if images.ndim == 2 or (images.ndim == 3 and images.shape[-1] in (1, 3, 4)):
            return [images]
    found = list(images)
    if not found:
        raise BadArgumentError("At least one image was expected; none was received. Check how they were selected.")
    return found


def one_image_batch(image: Any) -> np.ndarray:
    """Makes a float32 batch ``(1, H, W, C)`` of an image, ``(H, W, C)`` or that; else raises ``BadArgumentError``."""
    batch = np.asarray(image, dtype=np.float32)
    batch = batch[None] if batch.ndim == 3 else batch
    if batch.ndim != 4 or len(batch) != 1:
        raise BadArgumentError(
            f"One image, (height, width, channels), was expected; {np.shape(image)} was received. Pass one at a time."
        )
    return batch


def even_columns(count: int, *, most: int = 6) -> int:
    """Chooses how many of ``count`` images stand in a row, at most ``most``, so that the rows are as even as possible."""
    rows = -(-count // most)
    return -(-count // rows)


def show_image(ax: Axes, image: np.ndarray) -> None:
    """Draws an image, as `as_image` returns it, without axes; a small one keeps its pixels."""
    ax.imshow(image, cmap="gray", vmin=0, vmax=255, interpolation="nearest" if min(image.shape[:2]) < 64 else None)
    ax.set_axis_off()
