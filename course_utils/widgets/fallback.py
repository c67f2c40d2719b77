"""A live widget together with its static fallback, the same content in plain HTML.

An export can at best draw a widget, whose buttons then do nothing. So a widget of the course leaves two outputs in its
cell, and a few lines of style show exactly one of them: the widget where a kernel runs; the fallback in an export, on
paper, and in a saved notebook without a kernel.
"""

from collections.abc import Sequence
from typing import Any

from course_utils.widgets.parts import html_to_text

_WIDGET = "course-widget"
_FALLBACK = "course-fallback"

# nbconvert puts the class jp-Notebook (or the id notebook) on or right under the body; a live JupyterLab does not.
_STYLE = f"""<style>
.jp-OutputArea:has(.{_WIDGET}) .{_FALLBACK} {{ display: none; }}
body:not(:has(.jp-OutputArea)):has(.{_WIDGET}) .{_FALLBACK} {{ display: none; }}
body.jp-Notebook .{_WIDGET}, body > #notebook .{_WIDGET} {{ display: none !important; }}
body.jp-Notebook .{_FALLBACK}, body > #notebook .{_FALLBACK} {{ display: block !important; }}
@media print {{ .{_WIDGET} {{ display: none !important; }} .{_FALLBACK} {{ display: block !important; }} }}
.{_FALLBACK} {{ max-width: 46em; line-height: 1.45; }}
.{_FALLBACK} .course-option {{ margin: 0.15em 0 0.15em 2.4em; text-indent: -1.2em; }}
.{_FALLBACK} details {{ margin: 0.3em 0 1em 1.2em; }}
.{_FALLBACK} table {{ border-collapse: collapse; margin: 0.5em 0; }}
.{_FALLBACK} td, .{_FALLBACK} th {{ padding: 0.15em 0.7em; text-align: left; }}
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


class WidgetWithFallback:
    """A live ``widget`` and its static ``fallback``; displaying it leaves both in the cell, and one of them is seen.

    ``controls`` are ipywidgets, shown one below the other. ``fallback`` is HTML without headings, so that a page's
    headings remain in order.
    """

    def __init__(self, controls: Sequence[Any], *, fallback: str) -> None:
        import ipywidgets as w

        self.widget = w.VBox(controls)
        self.widget.add_class(_WIDGET)
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
        static = f'{_STYLE}{_KEYS}<div class="{_FALLBACK}">{self.fallback}</div>'
        display({"text/html": static, "text/plain": self.text}, raw=True)
