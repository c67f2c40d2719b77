"""A prediction asked for before a result, and shown beside it afterwards."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from course_utils.widgets.fallback import LIVE_STYLE, WidgetWithFallback, html_to_text, text_to_html


class Guess(WidgetWithFallback):
    """A question with a box for the reader's prediction; made by `guess`.

    Attributes:
        prompt: the question.
        unit: what the number counts, or "".
        box: the ``Text`` or ``RadioButtons`` that takes the prediction.
        note: the ``HTML`` that says what was noted.
    """

    def __init__(self, prompt: str, *, options: Sequence[str] | None, unit: str) -> None:
        import ipywidgets as w

        self.prompt, self.unit = prompt, unit
        if options:
            self.box = w.RadioButtons(
                options=list(options), index=None, description="Your prediction", tooltip="",
                layout=w.Layout(width="auto"),
            )  # fmt: skip
            self.box.add_class("course-quiet-label")
        else:
            self.box = w.Text(
                description="Your prediction", placeholder=unit or "a word or a number",
                style={"description_width": "initial"}, layout=w.Layout(width="24em"),
            )  # fmt: skip
        self.note = w.HTML()
        self.box.observe(self._noted, names="value")
        ask = f"<p><strong>Before you go on:</strong> {text_to_html(prompt)}</p>"
        choices = "".join(f'<p class="course-option">○ {text_to_html(option)}</p>' for option in options or ())
        line = "" if options else f"<p>Your prediction: ____________ {text_to_html(unit)}</p>"
        super().__init__(w.VBox([w.HTML(LIVE_STYLE + ask), self.box, self.note]), fallback=ask + choices + line)

    @property
    def value(self) -> str | None:
        """The prediction as it was written or chosen; ``None`` without one."""
        return (self.box.value or "").strip() or None

    def reveal(self, result: Any, *, why: str = "") -> Revealed:
        """Shows the prediction beside the result.

        Args:
            result: what came out: a number or a text.
            why: a sentence or two that explain it.

        Returns:
            An object that a notebook shows and that prints as text. Without a prediction it shows the result alone.
        """
        return Revealed(compare_guess(self.value, result, unit=self.unit), why=why)

    def _noted(self, _: Any = None) -> None:
        noted = f"Noted: {text_to_html(self.value)}. You will see it beside the result." if self.value else ""
        self.note.value = f'<div class="course-note" role="status">{noted}</div>' if noted else ""


class Revealed:
    """A prediction beside its result.

    Args:
        comparison: the sentence that holds both.
        why: the explanation, or "".
    """

    def __init__(self, comparison: str, *, why: str) -> None:
        self.comparison, self.why = comparison, why

    def _repr_html_(self) -> str:
        border = "padding: 0.3em 0.7em; border-left: 4px solid #0072B2"
        return f'<div style="{border}"><strong>{text_to_html(self.comparison)}</strong> {text_to_html(self.why)}</div>'

    def __repr__(self) -> str:
        return html_to_text(f"<p>{text_to_html(self.comparison)} {text_to_html(self.why)}</p>")


def guess(prompt: str, *, options: Sequence[str] | None = None, unit: str = "") -> Guess:
    """Asks for a prediction; ``reveal(result)`` in a later cell shows it beside the result.

    Args:
        prompt: the question; backticks mark code.
        options: texts to choose from; without them the reader writes a word or a number.
        unit: what the number counts, for example ``"parameters"`` or ``"%"``.

    Returns:
        The question; the last line of a cell shows it. Exports and paper get the question with room to write.
    """
    return Guess(prompt, options=options, unit=unit)


def compare_guess(given: str | None, result: Any, *, unit: str = "") -> str:
    """Puts a prediction and a result into one sentence.

    Args:
        given: the prediction as it was written; ``None`` without one.
        result: a number or a text.
        unit: what the number counts.

    Returns:
        For example ``"You predicted 1,000 parameters; it is 1,281 parameters: your prediction was 22 % too low."``
    """
    number = isinstance(result, (int, float)) and not isinstance(result, bool)
    written = f"{result:,.4g}" if isinstance(result, float) else f"{result:,}" if number else str(result)
    after = f" {unit}" if unit else ""
    if given is None:
        return f"The answer: {written}{after}."
    if not number:
        same = given.casefold() == written.strip().casefold()
        return f"You predicted {given}, and it is {written}." if same else f"You predicted {given}; it is {written}."
    predicted = read_number(given)
    if predicted is None:
        return f"You predicted {given!r}; it is {written}{after}."
    head = f"You predicted {predicted:,.6g}{after}; it is {written}{after}"
    if predicted == result:
        return f"{head}: exactly."
    if result == 0 or predicted / result < 0 or not 0.1 <= predicted / result <= 10:
        return f"{head}."
    share = 100 * abs(predicted / result - 1)
    return f"{head}: your prediction was {share:.2g} % too {'high' if predicted > result else 'low'}."


def read_number(text: str) -> float | None:
    """Reads a number as people write it.

    Args:
        text: for example ``"1,281"``, ``"about 80 %"``, ``"14.7 million"`` or ``"2e-5"``.

    Returns:
        The number; ``None`` if there is none in the text.
    """
    # A comma or a space before exactly three digits separates thousands; a comma elsewhere is a decimal point.
    joined = re.sub(r"(?<=\d)[, \u00a0\u202f_](?=\d{3}(?!\d))", "", text)
    found = re.search(r"-?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?", joined)
    if not found:
        return None
    scale = re.match(r"\s*(k\b|thousand|m\b|million|billion)", joined[found.end() :].lower())
    factors = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "billion": 1e9}
    return float(found.group().replace(",", ".")) * (factors[scale.group(1)] if scale else 1)
