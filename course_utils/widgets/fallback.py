"""A live widget together with its static fallback, the same content in plain HTML.

An export can at best draw a widget, whose buttons then do nothing. So a widget of the course leaves two outputs in its
cell, and a few lines of style show exactly one of them: the widget where a kernel runs; the fallback in an export, on
paper, and in a saved notebook without a kernel.
"""

from collections.abc import Sequence
from typing import Any

from course_utils.storage import ASSETS
from course_utils.widgets.parts import html_to_text

# Of the style: nbconvert puts the class jp-Notebook (or the id notebook) on or right under the body; a live JupyterLab does
# not. Of the script: in JupyterLab's command mode a plain key is a command: an arrow leaves for the next cell, "x" cuts this
# one, also while a radio button or a list has the focus. So keys pressed inside a widget end at the page's body, after the
# widget's controls have seen them and before JupyterLab does. Shift, Ctrl, Alt and Esc still reach it.
_HEAD = (ASSETS / "widget.html").read_text(encoding="utf-8").rstrip()


class WidgetWithFallback:
    """A live ``widget`` and its static ``fallback``; displaying it leaves both in the cell, and one of them is seen.

    ``controls`` are ipywidgets, shown one below the other. ``fallback`` is HTML without headings, so that a page's
    headings remain in order.
    """

    def __init__(self, controls: Sequence[Any], *, fallback: str) -> None:
        import ipywidgets as w

        self.widget = w.VBox(controls)
        self.widget.add_class("course-widget")
        self.fallback = fallback

    @property
    def text(self) -> str:
        """The fallback as plain text, for a terminal."""
        return html_to_text(self.fallback)

    def _ipython_display_(self) -> None:
        from IPython.display import display

        live = self.widget._repr_mimebundle_()
        live["text/plain"] = "An interactive widget; what it shows follows as text."
        display(live, raw=True)
        static = f'{_HEAD}<div class="course-fallback">{self.fallback}</div>'
        display({"text/html": static, "text/plain": self.text}, raw=True)
