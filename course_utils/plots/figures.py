"""What every plot of the course shares: a canvas, a palette that colour-blind eyes can tell apart, and alt text.

**How the alt text travels.** JupyterLab and nbconvert draw ``image/png`` into an ``<img>`` without any ``alt``,
whatever the output's metadata say, and prefer ``text/html`` where there is some. So `describe` makes a figure show
itself as three things at once: an ``<img>`` with the description as its ``alt``, a plain PNG (what PDF exports take),
and text.
"""

import base64
import html
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np

from course_utils.errors import BadArgumentError
from course_utils.plots.text import wrap

Axes = Figure = Any  # matplotlib's: importing it takes long, so that happens where a plot is drawn

# The eight colours of Okabe and Ito (2008), yellow last because it is faint on white.
PALETTE = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#000000", "#F0E442")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
HATCHES = ("", "//", "..", "xx", "\\\\", "--", "oo", "++")
# A curve differs from the others by its line and its marker too, not by its colour alone.
CURVES = tuple(
    {"color": PALETTE[colour], "linestyle": line, "marker": marker}
    for colour, line, marker in zip((0, 3, 2, 5, 1, 4, 6, 7), 2 * ("-", "--", "-.", ":"), MARKERS, strict=True)
)

_STYLE = {
    "font.size": 11,
    "axes.titlesize": 12,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "figure.facecolor": "white",
    "grid.alpha": 0.3,
    "hatch.linewidth": 0.6,
    "legend.frameon": False,
    "patch.edgecolor": "black",
    "patch.force_edgecolor": True,
    "patch.linewidth": 0.6,
}
_DOTS_PER_INCH = 120


class AxesGrid(np.ndarray):
    """An array of Axes that prints nothing as the last line of a cell; the figure itself is shown there."""

    def __new__(cls, axes: Any) -> "AxesGrid":
        return np.array(axes, dtype=object).view(cls)

    def _ipython_display_(self) -> None:
        """Shows nothing: the notebook shows the figure when the cell has run."""


@contextmanager
def style() -> Iterator[None]:
    """Opens the context in which every plot of the course is drawn; the reader's own settings stay as they are."""
    from matplotlib import rcParams

    # Not matplotlib's rc_context: the first figure loads the notebook's backend, which switches to interactive mode;
    # rc_context would switch that off again on leaving, and the notebook would show only the first figure.
    before = {name: rcParams[name] for name in _STYLE}
    rcParams.update(_STYLE)
    try:
        yield
    finally:
        rcParams.update(before)


def new_figure(size: tuple[float, float], *, figure: Any = None) -> Any:
    """Opens a figure of ``size`` inches (width, height), or returns the empty ``Figure`` or ``SubFigure`` given."""
    import matplotlib.pyplot as plt

    return plt.figure(figsize=size, layout="constrained") if figure is None else figure


def new_axes(size: tuple[float, float]) -> Axes:
    """Opens a figure of ``size`` inches (width, height) with one Axes, and returns the Axes."""
    return new_figure(size).add_subplot()


def off_screen_figure(size: tuple[float, float]) -> Figure:
    """Opens a figure that pyplot, and so the notebook, does not know of, to be shown inside a widget."""
    from matplotlib.figure import Figure

    return Figure(figsize=size, layout="constrained")


def label_bars(ax: Axes, names: Sequence[str], *, width: int) -> None:
    """Writes the names of horizontal bars at 0, 1, …, the first on top, in lines of at most ``width`` characters."""
    ax.set_yticks(range(len(names)), [wrap(name, width=width) for name in names])
    ax.invert_yaxis()


def finish(axes: Any, text: str, *, title: str | None, alt: str | None = None, **place: Any) -> Any:
    """Ends a plot: puts the title above one Axes or a whole `AxesGrid`, gives the alt text, and returns ``axes``.

    The alt text is ``alt``, or else title and ``text``. ``place`` says where the title of one Axes stands, as for
    ``Axes.set_title``.
    """
    if title:
        with style():
            if isinstance(axes, np.ndarray):
                axes.flat[0].figure.suptitle(title)
            else:
                axes.set_title(title, **place)
        text = f"{title}. {text}"
    describe(axes, alt or text)
    return axes


def describe(where: Axes | Figure | Sequence[Axes], text: str) -> None:
    """Gives a figure its alt text, whitespace collapsed: what somebody who cannot see the image needs to know.

    Every plot of the course calls this with a description computed from its data. Call it again to replace that one, or
    on a figure of your own. ``where`` is a Figure, an Axes, or an array of Axes of one figure.

    Raises:
        BadArgumentError: if the text is empty.
    """
    text = " ".join(str(text).split())
    if not text:
        raise BadArgumentError(
            "Alt text was expected to say what the figure shows; an empty text was received. Write one sentence."
        )
    every = np.ravel(np.asarray(where, dtype=object))
    for one in every:
        if hasattr(one, "get_xaxis"):  # an Axes, whose repr would otherwise be printed under the figure
            one._ipython_display_ = lambda: None
    figure = every[0].get_figure(root=True)
    figure._course_description = text
    figure._ipython_display_ = partial(_show, figure)


def description(where: Axes | Figure | Sequence[Axes]) -> str:
    """Reads back the alt text of a Figure, an Axes or an array of Axes; an empty string if `describe` gave it none."""
    first = np.ravel(np.asarray(where, dtype=object))[0]
    return getattr(first.get_figure(root=True), "_course_description", "")


def to_png(figure: Figure) -> tuple[bytes, int]:
    """Renders a figure as a PNG: its bytes, and the width in CSS pixels at which to show it."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=_DOTS_PER_INCH, bbox_inches="tight", pad_inches=0.08)
    data = buffer.getvalue()
    # Bytes 16 to 19 of a PNG hold its width in pixels; CSS has 96 to the inch.
    return data, int.from_bytes(data[16:20], "big") * 96 // _DOTS_PER_INCH


def to_html(figure: Figure) -> str:
    """Renders a figure that has an alt text from `describe` as HTML: one ``<img>`` with that text and the image inside."""
    return _image_tag(*to_png(figure), description(figure))


def _image_tag(data: bytes, width: int, text: str) -> str:
    source = f"data:image/png;base64,{base64.b64encode(data).decode('ascii')}"
    return f'<img alt="{html.escape(text)}" width="{width}" style="max-width: 100%" src="{source}">'


def _show(figure: Figure) -> None:
    from IPython.display import display

    data, width = to_png(figure)
    text = description(figure)
    bundle = {"text/html": _image_tag(data, width, text), "image/png": data, "text/plain": text}
    display(bundle, metadata={"image/png": {"alt": text, "width": width}}, raw=True)
