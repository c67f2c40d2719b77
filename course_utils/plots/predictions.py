"""The most probable classes of an image."""

from collections.abc import Sequence
from typing import Any

from course_utils.errors import BadArgumentError
from course_utils.plots.figures import PALETTE, AxesGrid, finish, label_bars, new_figure, style
from course_utils.plots.images import as_image, as_list, show_image
from course_utils.plots.text import percent


def top_five(image: Any, decoded: Sequence[Any], *, title: str | None = None) -> AxesGrid:
    """Shows an image and its most probable classes, as bars with names and percentages; or several, one per row.

    Args:
        image: one image, or several, as `as_image` takes them.
        decoded: what ``models.decode_predictions`` returns: for each image a list of ``(wnid, name, probability)``,
            most probable first, probabilities from 0 to 1. For one image its own list will do, and ``(name,
            probability)`` too.

    Returns:
        The Axes: ``(2,)`` for one image (image, bars), ``(N, 2)`` for several.

    Raises:
        BadArgumentError: if images and predictions do not match, or a prediction is not one of the forms above.
    """
    images = [as_image(one) for one in as_list(image)]
    rows = list(decoded)
    if rows and len(rows[0]) in (2, 3) and isinstance(rows[0][0], str):
        rows = [rows]  # one image's own list
    rows = [_names_and_probabilities(row) for row in rows]
    if len(rows) != len(images):
        raise BadArgumentError(
            f"One list of predictions was expected per image; {len(images)} images and {len(rows)} lists were "
            "received. Decode the predictions of exactly these images."
        )
    texts = []
    with style():
        figure = new_figure((8.2, 0.35 + 2.4 * len(images)))
        cells = figure.subplots(len(images), 2, squeeze=False, width_ratios=(1, 1.55))
        for number, ((left, right), pixels, row) in enumerate(zip(cells, images, rows, strict=True), start=1):
            show_image(left, pixels)
            bars = right.barh(range(len(row)), [100 * p for _, p in row], height=0.62, color=PALETTE[4])
            bars[0].set(facecolor=PALETTE[1], hatch="//")
            right.bar_label(bars, [percent(p) for _, p in row], padding=3)
            label_bars(right, [name for name, _ in row], width=22)
            right.set_xlim(0, 118)  # room for "100 %" next to a full bar
            right.set_xticks(range(0, 101, 25))
            what = "An image" if len(rows) == 1 else f"Image {number}"
            classes = "most probable class" if len(row) == 1 else f"{len(row)} most probable classes"
            texts.append(f"{what} and its {classes}: " + ", ".join(f"{name} {percent(p)}" for name, p in row) + ".")
        cells[-1, 1].set_xlabel("probability (%)")
    return finish(AxesGrid(cells if len(images) > 1 else cells[0]), " ".join(texts), title=title)


def _names_and_probabilities(row: Sequence[Any]) -> list[tuple[str, float]]:
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
