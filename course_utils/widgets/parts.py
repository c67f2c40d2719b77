"""What the widgets share: controls, fragments of HTML, and a static fallback, the same content in plain HTML.

An export can at best draw a widget, whose buttons then do nothing. So a widget of the course leaves two outputs in its
cell, and a few lines of style show exactly one of them: the widget where a kernel runs; the fallback in an export, on
paper, and in a saved notebook without a kernel.
"""

import html
import re
from collections.abc import Callable, Sequence
from typing import Any

from course_utils.storage import ASSETS

# Of the style: nbconvert puts the class jp-Notebook (or the id notebook) on or right under the body; a live JupyterLab does
# not. Of the script: in JupyterLab's command mode a plain key is a command: an arrow leaves for the next cell, "x" cuts this
# one, also while a radio button or a list has the focus. So keys pressed inside a widget end at the page's body, after the
# widget's controls have seen them and before JupyterLab does. Shift, Ctrl, Alt and Esc still reach it.
_HEAD = (ASSETS / "widget.html").read_text(encoding="utf-8").rstrip()


def button(text: str, on_click: Callable[[Any], None]) -> Any:
    """Makes a ``Button`` as wide as its text."""
    import ipywidgets as w

    made = w.Button(description=text, layout=w.Layout(width="max-content"))
    made.on_click(on_click)
    return made


def radio_buttons(options: Sequence[Any], label: str) -> Any:
    """Makes ``RadioButtons`` of which none is chosen; the label is there for screen readers and is not seen."""
    import ipywidgets as w

    # A tooltip left at None would give the label the title "null".
    made = w.RadioButtons(options=options, index=None, description=label, tooltip="", layout=w.Layout(width="auto"))
    made.add_class("course-quiet-label")
    return made


def number_box(value: int, *, most: int, label: str) -> Any:
    """Makes a narrow box for an integer from 1 to ``most``; a slider's handle has no label for a screen reader."""
    import ipywidgets as w

    return w.BoundedIntText(value, min=1, max=most, description=label, layout=w.Layout(width="11em"))


def message(markup: str, kind: str = "note", *, role: str = "alert") -> str:
    """Marks up what a widget says after an action: ``kind`` is ``"note"``, ``"right"`` or ``"wrong"``."""
    return f'<div class="course-{kind}" role="{role}">{markup}</div>'


def option_lines(marks: Sequence[str], texts: Sequence[str]) -> str:
    """Marks up one line per option: its mark, which is HTML, and its text."""
    lines = zip(marks, texts, strict=True)
    return "".join(f'<p class="course-option">{mark} {text_to_html(text)}</p>' for mark, text in lines)


def text_to_html(text: str) -> str:
    """Escapes a text for HTML, with `backticks` shown as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(str(text), quote=False))


def html_to_text(markup: str) -> str:
    """Turns simple HTML into text: one line per block or table row, alt text in place of images."""
    markup = re.sub(r"<(style|script)>.*?</\1>", "", markup, flags=re.DOTALL)
    markup = re.sub(r'<img [^>]*?alt="([^"]*)"[^>]*>', r"[\1]\n", markup)
    markup = re.sub(r"</t[dh]>\s*(?=<t[dh])", "  ", markup)
    markup = re.sub(r"<li[^>]*>", "- ", markup)
    markup = re.sub(r"</(p|li|tr|div|summary|caption)>|<br>", "\n", markup)
    text = html.unescape(re.sub(r"<[^>]+>", "", markup))
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


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
