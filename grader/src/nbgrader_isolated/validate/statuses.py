"""How an exercise stands, read from the outputs of its test cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from nbgrader_isolated.notebook.plain_text import plain_text
from nbgrader_isolated.notebook.roles import flags_of

LONGEST_SAID = 20_000
"""Characters of what a test says: it may quote the names of files and classes, and a print in a loop."""
MARKS = {"right": "✔", "not yet": "✘", "not attempted": "○", "not checked": "?"}
"""Outcome → its mark in a table."""


@dataclass(frozen=True)
class ExerciseStatus:
    """How one exercise stands."""

    test: str  # the test cell's name
    outcome: str  # one of `MARKS`
    earned: float  # points the visible test gives
    points: float  # points the exercise is worth
    said: str  # what the test said, whole


def status_of(cell, verdicts: Mapping[str, str]) -> ExerciseStatus:
    """Returns how an exercise stands.

    Args:
        cell: its test cell, executed.
        verdicts: how what a course's checks say begins → outcome. Any other test is one of plain asserts.
    """
    flags = flags_of(cell)
    texts, value, error = [], None, ""
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            texts.append(_in_words(output))
            error = output.ename
        elif output.output_type == "execute_result":
            value = output.data.get("text/plain", "")
        elif output.output_type == "display_data":
            texts.append(output.data.get("text/plain", ""))
        elif output.get("name") == "stdout":
            texts.append(output.text)
    said = plain_text("\n".join(text.strip("\n") for text in texts), LONGEST_SAID, lines=True)
    points = float(flags["points"])
    outcome = next((outcome for start, outcome in verdicts.items() if said.startswith(start)), None)
    earned = _number(value) or 0.0
    if not outcome:
        outcome, earned = _without_verdict(error, value, points, ran=cell.execution_count is not None)
    return ExerciseStatus(flags["grade_id"], outcome, earned, points, said)


def _without_verdict(error: str, value: str | None, points: float, *, ran: bool) -> tuple[str, float]:
    """Outcome and points of a test of plain asserts, as nbgrader gives them: all, none, or the number it ends with."""
    if error or not ran:
        return {"AssertionError": "not yet", "NotImplementedError": "not attempted"}.get(error, "not checked"), 0.0
    earned = points if _number(value) is None else _number(value)
    return "right" if earned == points else "not yet", earned


def _number(value: str | None) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _in_words(error) -> str:
    if error.ename == "NameError":
        name = re.search(r"name '(\w+)'", error.evalue)
        return (
            f"The name {name.group(1) if name else '?'} is not defined: is the cell that defines it missing or failing?"
        )
    return f"{error.ename}: {error.evalue}"
