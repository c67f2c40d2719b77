"""A verdict: what a check says about one exercise, to a student's eye and to nbgrader."""

import html
import math
import sys
from dataclasses import dataclass

from course_utils.progress_bar import say

RIGHT = "right"
NOT_YET = "not yet"
NOT_ATTEMPTED = "not attempted"

# One symbol, one word and one colour per outcome, so that nobody depends on the colour. The colours are blue,
# vermilion and grey of a palette that stays apart for colour-blind eyes; as a border they show on light and dark themes.
LOOKS = {
    RIGHT: ("✔", "Right", "#0072B2"),
    NOT_YET: ("✘", "Not yet", "#D55E00"),
    NOT_ATTEMPTED: ("○", "Not attempted", "#808080"),
}


@dataclass(frozen=True)
class Verdict:
    """The outcome of one check."""

    exercise: str  #: the name of the function that was checked
    outcome: str  #: ``"right"``, ``"not yet"`` or ``"not attempted"``
    score: float  #: the share of the points that is earned, from 0 to 1; 1 exactly when the outcome is ``"right"``
    findings: tuple[
        str, ...
    ] = ()  #: sentences for the student, one per finding; plain text, in which a line break is kept
    won: tuple[str, ...] = ()  #: what is already right, in a few words each; shown when something else is not
    printed: str = ""  #: what the student's function printed while it was checked

    def __post_init__(self) -> None:
        if self.outcome not in LOOKS:
            raise ValueError(f"outcome must be one of {', '.join(map(repr, LOOKS))}, got {self.outcome!r}")
        if not 0 <= self.score <= 1 or (self.score == 1) != (self.outcome == RIGHT):
            raise ValueError(f"a score of {self.score!r} does not go with the outcome {self.outcome!r}")

    def marks(self, points: float) -> float:
        """Shows the verdict and returns the points earned of ``points``; the last line of every test cell.

        nbgrader reads the value as the mark. Anything that is not a plain float would count as *full* marks, so this is
        one, rounded to a hundredth: never a NumPy number, never nan, never below 0 or above ``points``.
        """
        if not (isinstance(points, int | float) and math.isfinite(points) and points > 0):
            raise ValueError(f"points must be a number above 0, got {points!r}")
        self.show(points=points)
        return float(min(points, max(0.0, round(self.score * points, 2))))

    def show(self, *, points: float | None = None) -> None:
        """Shows the verdict, with the points earned of ``points``: a box in a notebook, text anywhere else."""
        if _in_notebook():
            from IPython.display import display

            display({"text/plain": self.text(points), "text/html": self.box(points)}, raw=True)
            return
        say(self.text(points))

    @property
    def title(self) -> str:
        """The first line: symbol, outcome and exercise."""
        symbol, word, _ = LOOKS[self.outcome]
        return f"{symbol} {word}: {self.exercise}"

    def text(self, points: float | None = None) -> str:
        """The verdict as plain text, one finding per line."""
        lines = [self.title + self._earned(points)]
        lines += [f"  · {finding}".replace("\n", "\n    ") for finding in self.findings]
        if self.won and self.outcome == NOT_YET:
            lines.append(f"  Already right: {'; '.join(self.won)}.")
        if self.printed:
            lines.append("  Your function printed:")
            lines += [f"  | {line}" for line in self.printed.splitlines()]
        return "\n".join(lines)

    def box(self, points: float | None = None) -> str:
        """The verdict as HTML: a box with a coloured edge. Everything in it is escaped."""
        colour = LOOKS[self.outcome][2]
        parts = [f"<strong>{html.escape(self.title)}</strong>{html.escape(self._earned(points))}"]
        if self.findings:
            items = "".join(f"<li>{html.escape(finding)}</li>".replace("\n", "<br>") for finding in self.findings)
            parts.append(f'<ul style="margin: 0.3em 0 0 0">{items}</ul>')
        if self.won and self.outcome == NOT_YET:
            parts.append(f'<div style="margin-top: 0.3em">Already right: {html.escape("; ".join(self.won))}.</div>')
        if self.printed:
            parts.append(f"<div>Your function printed:</div><pre>{html.escape(self.printed)}</pre>")
        style = f"border: 1px solid {colour}; border-left-width: 0.5em; padding: 0.4em 0.8em; max-width: 50em"
        return f'<div style="{style}">{"".join(parts)}</div>'

    def _earned(self, points: float | None) -> str:
        if points is None:
            return ""
        return f" ({round(self.score * points, 2):g} of {points:g} points)"

    __str__ = __repr__ = text
    _repr_html_ = box


def _in_notebook() -> bool:
    """Whether this runs in a Jupyter kernel, without importing IPython when nobody else has."""
    shells = sys.modules.get("IPython")
    return shells is not None and getattr(shells.get_ipython(), "kernel", None) is not None
