"""A guess asked for before a result, and shown with the result afterwards."""

import re
from collections.abc import Sequence
from typing import Any

from course_utils.widgets import parts


class Guess(parts.WidgetWithFallback):
    """A question with a ``box`` for the reader's prediction, and a ``note`` that repeats it."""

    def __init__(self, prompt: str, *, options: Sequence[str], unit: str) -> None:
        import ipywidgets as w

        self.unit = unit
        if options:
            self.box = parts.radio_buttons(list(options), "Your prediction")
        else:
            self.box = w.Text(
                description="Your prediction",
                placeholder=unit or "a word or a number",
                style={"description_width": "initial"},
                layout=w.Layout(width="24em"),
            )
        self.note = w.HTML()
        self.box.observe(self._repeat, names="value")
        question = f"<p><strong>Before you go on:</strong> {parts.text_to_html(prompt)}</p>"
        line = "" if options else f"<p>Your prediction: ____________ {parts.text_to_html(unit)}</p>"
        choices = parts.option_lines(["○"] * len(options), options)
        super().__init__([w.HTML(question), self.box, self.note], fallback=question + choices + line)

    @property
    def value(self) -> str | None:
        """The prediction as it was written or chosen; ``None`` without one."""
        return (self.box.value or "").strip() or None

    def reveal(self, result: Any, *, why: str = "") -> "Revealed":
        """Shows the prediction, if there is one, with the result, a number or a text; ``why`` explains it."""
        return Revealed(compare_guess(self.value, result, unit=self.unit), why)

    def _repeat(self, _: Any = None) -> None:
        noted = f"Noted: {parts.text_to_html(self.value)}. You will see it next to the result." if self.value else ""
        self.note.value = noted and parts.message(noted, role="status")


class Revealed:
    """The sentence that compares a prediction with its result, and the explanation, or ""."""

    def __init__(self, comparison: str, why: str) -> None:
        self._markup = f"<strong>{parts.text_to_html(comparison)}</strong> {parts.text_to_html(why)}"

    def _repr_html_(self) -> str:
        return f'<div style="padding: 0.3em 0.7em; border-left: 4px solid #0072B2">{self._markup}</div>'

    def __repr__(self) -> str:
        return parts.html_to_text(self._markup)


def guess(prompt: str, *, options: Sequence[str] | None = None, unit: str = "") -> Guess:
    """Asks for a prediction; ``reveal(result)`` in a later cell shows it with the result.

    Args:
        prompt: the question; backticks mark code.
        options: texts to choose from; without them the reader writes a word or a number.
        unit: what the number counts, for example ``"parameters"`` or ``"%"``.
    """
    return Guess(prompt, options=options or (), unit=unit)


def compare_guess(given: str | None, result: Any, *, unit: str = "") -> str:
    """Puts a prediction, as it was written, and a result into one sentence.

    For example ``"You predicted 1,000 parameters; it is 1,281 parameters: your prediction was 22 % too low."``
    """
    number = isinstance(result, (int, float)) and not isinstance(result, bool)
    written = f"{result:,.4g}" if isinstance(result, float) else f"{result:,}" if number else str(result)
    after = f" {unit}" if unit else ""
    if given is None:
        return f"The answer: {written}{after}."
    if not number:
        same = given.casefold() == written.strip().casefold()
        return f"You predicted {given}{', and' if same else ';'} it is {written}."
    predicted = read_number(given)
    if predicted is None:
        return f"You predicted {given!r}; it is {written}{after}."
    head = f"You predicted {predicted:,.6g}{after}; it is {written}{after}"
    if predicted == result:
        return f"{head}: exactly."
    if result == 0 or not 0.1 <= predicted / result <= 10:
        return f"{head}."
    share = 100 * abs(predicted / result - 1)
    return f"{head}: your prediction was {share:.2g} % too {'high' if predicted > result else 'low'}."


def read_number(text: str) -> float | None:
    """Reads a number as users write it: ``"1,281"``, ``"about 80 %"``, ``"14.7 million"``; ``None`` without one."""
    # A comma or a space before exactly three digits separates thousands; a comma elsewhere is a decimal point.
    joined = re.sub(r"(?<=\d)[, \u00a0\u202f_](?=\d{3}(?!\d))", "", text)
    found = re.search(r"-?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?", joined)
    if not found:
        return None
    scale = re.match(r"\s*(k\b|thousand|m\b|million|billion)", joined[found.end() :].lower())
    factors = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "billion": 1e9}
    return float(found.group().replace(",", ".")) * (factors[scale.group(1)] if scale else 1)
