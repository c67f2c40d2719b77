"""What grading again changed, for whatever reason, as a table that grows: ``evidence/ASSIGNMENT/changes.csv``."""

from __future__ import annotations

import csv
import os
from datetime import UTC, datetime
from pathlib import Path

from nbgrader_isolated.closed import open_file
from nbgrader_isolated.gradebook.spreadsheet import guarded
from nbgrader_isolated.outcomes import Record

HEADS = ["when", "student", "notebook", "test", "before", "after"]


def note_changes(path: Path, student: str, before: list[Record], after: list[Record]) -> None:
    """Adds a row for each mark that is another than it was; no cell of it is a formula to a spreadsheet.

    Args:
        path: the table, for instructors only; it is made when the first mark changes.
        student: the student's id.
        before: the records of an earlier run; without any, marks are new and none has changed.
        after: the records of this run.
    """
    old = {(record.notebook, mark.grade_id): _said(mark.points) for record in before for mark in record.marks}
    now = datetime.now(UTC).isoformat(timespec="seconds")
    rows = [
        [
            now,
            student,
            record.notebook,
            mark.grade_id,
            old.get((record.notebook, mark.grade_id), ""),
            _said(mark.points),
        ]
        for record in after
        for mark in record.marks
        if old.get((record.notebook, mark.grade_id)) != _said(mark.points)
    ]
    if not rows or not before:
        return
    with open(open_file(path, os.O_WRONLY | os.O_APPEND), "a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        if not file.tell():
            writer.writerow(HEADS)
        writer.writerows([[guarded(cell) for cell in row] for row in rows])


def _said(points: float | None) -> str:
    return "open" if points is None else f"{points:g}"
