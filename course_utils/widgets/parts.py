"""Controls and fragments of HTML that several widgets use."""

import html
import re
from collections.abc import Callable, Sequence
from typing import Any


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
    layout = w.Layout(width="auto")
    made = w.RadioButtons(options=options, index=None, description=label, tooltip="", layout=layout)
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
