"""Records of notebooks of which no cell could be run: unreadable ones, and those that the grader itself failed on."""

from __future__ import annotations

from nbgrader_isolated.notebook import executed
from nbgrader_isolated.notebook.roles import role
from nbgrader_isolated.outcomes import Mark, Outcome, Record


def give_up(name: str, pristine: list[dict], reason: str, *, failed: str = "") -> Record:
    """The record of a notebook that the grader itself failed on: all of it needs manual review.

    Args:
        name: the notebook's name, without the ending.
        pristine: the cells of the instructor's notebook.
        reason: a sentence for the student.
        failed: the same for the instructor, who may read more; by default the same sentence.
    """
    record = Record(name, Outcome.NEEDS_MANUAL_REVIEW, [reason], failed=failed or reason)
    fill(record, pristine, None, reason)
    return record


def fill(record: Record, pristine: list[dict], points: float | None, reason: str) -> None:
    """Fills a record for a notebook of which no cell could be run."""
    for cell in pristine:
        if role(cell) == "test":
            flags = cell["metadata"]["nbgrader"]
            record.marks.append(Mark(flags["grade_id"], points, float(flags["points"]), f"Not checked: {reason}"))
    record.cells = executed.blank(pristine, {mark.grade_id: executed.outputs_of(mark) for mark in record.marks})


def explained(error: Exception) -> str:
    """An error and what it came from, in a line for the instructor."""
    cause = f" ({type(error.__cause__).__name__}: {error.__cause__})" if error.__cause__ else ""
    return f"{type(error).__name__}: {error}{cause}"
