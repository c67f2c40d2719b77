"""A widget together with its static twin: the same content for paper, exports, and whoever has no kernel running.

A notebook stores a widget as a reference to something that lives in the kernel. An export can at best draw it, and
then its buttons are dead. So a widget of the course leaves two outputs in its cell: the live one, and a twin in plain
HTML. A few lines of style show exactly one of them: the widget where it is alive, the twin in an export, on paper, and
in a saved notebook whose kernel is gone.
"""

from __future__ import annotations

import html
import re
from typing import Any

_WIDGET = "course-widget"
_TWIN = "course-twin"

# nbconvert puts the class jp-Notebook (or the id notebook) on or right under the body; a live JupyterLab does not.
_STYLE = f"""<style>
.jp-OutputArea:has(.{_WIDGET}) .{_TWIN} {{ display: none; }}
body:not(:has(.jp-OutputArea)):has(.{_WIDGET}) .{_TWIN} {{ display: none; }}
body.jp-Notebook .{_WIDGET}, body > #notebook .{_WIDGET} {{ display: none !important; }}
body.jp-Notebook .{_TWIN}, body > #notebook .{_TWIN} {{ display: block !important; }}
@media print {{ .{_WIDGET} {{ display: none !important; }} .{_TWIN} {{ display: block !important; }} }}
.{_TWIN} {{ max-width: 46em; line-height: 1.45; }}
.{_TWIN} .course-option {{ margin: 0.15em 0 0.15em 2.4em; text-indent: -1.2em; }}
.{_TWIN} details {{ margin: 0.3em 0 1em 1.2em; }}
.{_TWIN} table {{ border-collapse: collapse; margin: 0.5em 0; }}
.{_TWIN} td, .{_TWIN} th {{ padding: 0.15em 0.7em; text-align: left; }}
</style>"""

# In JupyterLab's command mode a plain key is a command: an arrow leaves for the next cell, "x" cuts this one, also while
# a radio button or a list has the focus. So keys pressed inside a widget end at the page's body, after the widget's
# controls have seen them and before JupyterLab does. Shift, Ctrl, Alt and Esc still reach it, so Shift+Enter runs the cell.
_KEYS = f"""<script>
if (!window.courseWidgetKeys) {{
  window.courseWidgetKeys = true;
  document.body.addEventListener("keydown", event => {{
    const plain = !(event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.key === "Escape");
    if (plain && event.target.closest(".{_WIDGET}")) event.stopPropagation();
  }});
}}
</script>"""

LIVE_STYLE = f"""<style>
.{_WIDGET} {{ max-width: 46em; line-height: 1.45; }}
.{_WIDGET} .widget-html-content {{ line-height: 1.45; }}
.{_WIDGET} .course-right, .{_WIDGET} .course-wrong, .{_WIDGET} .course-note {{
  padding: 0.3em 0.7em; border-left: 4px solid; margin: 0.2em 0; }}
.{_WIDGET} .course-right {{ border-color: #009E73; }}
.{_WIDGET} .course-wrong {{ border-color: #D55E00; }}
.{_WIDGET} .course-note {{ border-color: #0072B2; }}
.{_WIDGET} .widget-radio {{ width: auto; height: auto; overflow: visible; }}
.{_WIDGET} .widget-radio-box label {{ display: flex; height: auto; line-height: 1.4; margin: 0.25em 0;
  white-space: normal; align-items: baseline; cursor: pointer; }}
.{_WIDGET} .widget-radio-box input {{ order: -1; height: auto; margin: 0 0.6em 0 0; flex: none; align-self: flex-start;
  position: relative; top: 0.2em; }}
.{_WIDGET} p {{ margin: 0.2em 0; }}
.{_WIDGET} .course-quiet-label > .widget-label {{ position: absolute; width: 1px; height: 1px;
  overflow: hidden; clip-path: inset(50%); }}
.{_WIDGET} button:focus-visible, .{_WIDGET} input:focus-visible {{ outline: 2px solid #0072B2; outline-offset: 2px; }}
</style>"""


class Shown:
    """A live widget and its static twin; displaying it leaves both in the cell, and one of them is seen.

    Args:
        widget: the live ipywidget; it gets the class that the style above looks for.
        twin: HTML for exports and paper. Headings stay out of it, so that a page's headings remain in order.

    Attributes:
        widget: as given.
        twin: as given.
    """

    def __init__(self, widget: Any, *, twin: str) -> None:
        widget.add_class(_WIDGET)
        self.widget = widget
        self.twin = twin

    @property
    def text(self) -> str:
        """The twin as plain text, for a terminal."""
        return as_text(self.twin)

    def _ipython_display_(self) -> None:
        from IPython.display import display

        live = self.widget._repr_mimebundle_()
        live["text/plain"] = "An interactive widget; what it shows follows as text."
        display(live, raw=True)
        display(
            {"text/html": f'{_STYLE}{_KEYS}<div class="{_TWIN}">{self.twin}</div>', "text/plain": self.text}, raw=True
        )


def as_text(markup: str) -> str:
    """Turns simple HTML into text: one line per block or table row, alt text in place of images.

    Args:
        markup: HTML as the twins use it.

    Returns:
        Text without tags.
    """
    markup = re.sub(r"<(style|script)>.*?</\1>", "", markup, flags=re.DOTALL)
    markup = re.sub(r'<img [^>]*?alt="([^"]*)"[^>]*>', r"[\1]\n", markup)
    markup = re.sub(r"</t[dh]>\s*(?=<t[dh])", "  ", markup)
    markup = re.sub(r"<li[^>]*>", "- ", markup)
    markup = re.sub(r"</(p|li|tr|div|summary|caption)>|<br>", "\n", markup)
    text = html.unescape(re.sub(r"<[^>]+>", "", markup))
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def rich(text: str) -> str:
    """Escapes a text for HTML, with `backticks` shown as code.

    Args:
        text: plain text.

    Returns:
        HTML.
    """
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(str(text), quote=False))
