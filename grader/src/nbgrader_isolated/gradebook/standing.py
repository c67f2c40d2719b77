"""How each student stands in an assignment: the marks from the gradebook, what became of the submission from the records."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry

from nbgrader_isolated.gradebook.marks import read_timestamp
from nbgrader_isolated.gradebook.spreadsheet import number
from nbgrader_isolated.outcomes import Record, worst

MISSING, UNGRADED, ELSEWHERE = "nothing handed in", "not graded yet", "no record"
"""In the place of an outcome; the last is of marks that another grader has written."""


@dataclass(frozen=True)
class Standing:
    """One student and one assignment. Points are None where the gradebook has none.

    Attributes:
        student: the id.
        outcome: of the submission, or one of ``MISSING``, ``UNGRADED`` and ``ELSEWHERE``.
        automatic: points of the tests, but for those whose mark somebody has overridden.
        by_hand: points that somebody gave.
        extra: extra credit.
        late: points that the late penalty takes off.
        total: all of them, at least 0. Open marks count as 0.
        maximum: points to be had.
        waiting: marks that need manual review.
        handed_in: when, in UTC without saying so; None where no time is known.
        seconds_late: after the due date, extensions not counted; None where that is not known, and without a due date.
        seconds: what grading took; None without a record.
        peak_memory: bytes at most; 0 where that was not measured.
        sandboxed: whether every notebook ran in a sandbox; None without a record.
    """

    student: str
    outcome: str
    maximum: float
    automatic: float | None = None
    by_hand: float | None = None
    extra: float | None = None
    late: float | None = None
    total: float | None = None
    waiting: int = 0
    handed_in: datetime | None = None
    seconds_late: float | None = None
    seconds: float | None = None
    peak_memory: int = 0
    sandboxed: bool | None = None

    @property
    def lateness(self) -> str:
        """In words: how late, *not known*, or nothing for what came in time."""
        if self.handed_in is None:
            return "" if self.outcome == MISSING else "not known"
        minutes = int((self.seconds_late or 0) // 60)
        if minutes < 1:
            return ""
        days, hours = divmod(minutes // 60, 24)
        parts = [(days, "d"), (hours, "h"), (0 if days else minutes % 60, "min")]
        return " ".join(f"{count} {unit}" for count, unit in parts if count)


def standings(
    book: Gradebook, assignment: str, records: dict[str, list[Record]], handed_in: dict[str, Path]
) -> list[Standing]:
    """Everybody on the roster, and who has handed in without being on it, by id.

    Args:
        book: the open gradebook.
        assignment: the assignment's name.
        records: those of its evidence, by student.
        handed_in: student → folder of the submission.

    Raises:
        MissingEntry: the gradebook does not have the assignment.
    """
    found = book.find_assignment(assignment)
    names = sorted({student.id for student in book.students} | set(records) | set(handed_in))
    return [_standing(book, found, name, records.get(name, []), handed_in.get(name)) for name in names]


def _standing(book: Gradebook, assignment, student: str, records: list[Record], folder: Path | None) -> Standing:
    submission = None
    with contextlib.suppress(MissingEntry, UnicodeEncodeError):  # a folder whose name is no text
        submission = book.find_submission(assignment.name, student)
    notebooks = list(submission.notebooks) if submission is not None else []
    if records:
        outcome = str(worst([record.outcome for record in records]))
    elif notebooks:
        outcome = ELSEWHERE
    else:
        outcome = UNGRADED if folder else MISSING
    # What nobody has graded has a time all the same.
    when = submission.timestamp if notebooks else read_timestamp(folder) if folder else None
    late = (when - assignment.duedate).total_seconds() if when and assignment.duedate else None
    return Standing(
        student,
        outcome,
        assignment.max_score,
        **_points(notebooks),
        handed_in=when,
        seconds_late=None if late is None else max(0.0, late),
        seconds=sum(record.seconds for record in records) if records else None,
        peak_memory=max((record.peak_memory for record in records), default=0),
        sandboxed=all(record.sandboxed for record in records) if records else None,
    )


def _points(notebooks: list) -> dict:
    """The points of a submission as the gradebook has them; nothing where it has no notebooks."""
    if not notebooks:
        return {}
    grades = [grade for notebook in notebooks for grade in notebook.grades]
    automatic = sum(grade.auto_score or 0.0 for grade in grades if grade.manual_score is None)
    by_hand = sum(grade.manual_score for grade in grades if grade.manual_score is not None)
    extra = sum(grade.extra_credit or 0.0 for grade in grades)
    late = sum(notebook.late_submission_penalty or 0.0 for notebook in notebooks)
    return {
        "automatic": automatic,
        "by_hand": by_hand,
        "extra": extra,
        "late": late,
        "total": max(0.0, automatic + by_hand + extra - late),
        "waiting": sum(bool(grade.needs_manual_grade) for grade in grades),
    }


HEADS = ("student", "outcome", "automatic", "by hand", "extra credit", "late penalty", "total", "of", "open")
HEADS += ("handed in (UTC)", "late", "seconds", "MB", "sandboxed")
_SELDOM = {"by hand", "extra credit", "late penalty", "late", "MB"}
"""Left out of what is printed where nobody has any."""
TO_THE_RIGHT = {"automatic", "by hand", "extra credit", "late penalty", "total", "of", "open", "seconds", "MB"}


def cells(one: Standing, decimals: int = 6) -> list[str]:
    """A row of the table, a cell for each of ``HEADS``; what is not known is empty, and no 0."""
    points = (one.automatic, one.by_hand, one.extra, one.late, one.total)
    return [
        one.student,
        one.outcome,
        *("" if value is None else number(value, decimals) for value in points),
        number(one.maximum, decimals),
        "" if one.total is None else str(one.waiting),
        f"{one.handed_in:%Y-%m-%d %H:%M}" if one.handed_in else "",
        one.lateness,
        "" if one.seconds is None else number(one.seconds, 1),
        str(round(one.peak_memory / 1e6)) if one.peak_memory else "",
        "" if one.sandboxed is None else "yes" if one.sandboxed else "NO",
    ]


def shown(found: Iterable[Standing]) -> tuple[list[str], list[list[str]]]:
    """Heads and rows to print: points with two decimals, without columns that say nothing of anybody."""
    rows = [cells(one, 2) for one in found]
    keep = [
        place for place, head in enumerate(HEADS) if head not in _SELDOM or {row[place] for row in rows} - {"", "0"}
    ]
    return [HEADS[place] for place in keep], [[row[place] for place in keep] for row in rows]


def summary(found: list[Standing]) -> str:
    """A line: how many there are, how many of them have handed in and are graded, and how many marks are open."""
    graded = [one for one in found if one.total is not None]
    counts = [(len(graded), "graded")]
    counts += [(sum(one.outcome == what for one in found), what) for what in (UNGRADED, MISSING)]
    said = f"{plural(len(found), 'student')}: " + ", ".join(f"{count} {what}" for count, what in counts if count)
    waiting = [one.waiting for one in graded if one.waiting]
    if waiting:
        marks, whose = plural(sum(waiting), "mark"), plural(len(waiting), "student")
        said += f"; open, and 0 until given: {marks} of {whose}"
    return f"{said}."


def plural(count: int, what: str) -> str:
    """``1 student``, ``2 students``."""
    return f"{count} {what}{'' if count == 1 else 's'}"
