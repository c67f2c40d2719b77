"""Canvas: its gradebook as CSV, its archive of submissions, and the names that its upload of feedback expects."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from nbgrader_isolated.errors import BadArgumentError
from nbgrader_isolated.lms.archive import Handed
from nbgrader_isolated.lms.spreadsheet import Spreadsheet
from nbgrader_isolated.lms.students import Student

NAME = "canvas"
DEFAULT_ID = ("SIS Login ID", "SIS User ID", "ID")
_FILE = re.compile(r"(?P<who>[^_]+)_(?P<late>LATE_)?(?P<user>\d+)_(?P<attachment>\d+)_(?P<name>.+)", re.S)
_AGAIN = re.compile(r"(?P<stem>.+?)-(?P<number>\d{1,3})(?P<suffix>\.[^.]+)", re.S)


def students(table: Spreadsheet, id_column: str = "") -> list[Student]:
    """The students of a gradebook export; rows of points and the test student are left out.

    Raises:
        BadArgumentError: it is no export of Canvas's gradebook, or lacks the column of ids.
    """
    name, number = _needed(table, "Student"), _needed(table, "ID")
    email = table.place("Email", "SIS Login ID")
    columns = (
        [_needed(table, id_column)] if id_column else [c for head in DEFAULT_ID if (c := table.place(head)) is not None]
    )
    found = []
    for row in (table.rows[position] for position in student_rows(table)):
        last, _, first = (part.strip() for part in row[name].partition(","))
        own = next((row[column].strip() for column in columns if row[column].strip()), "")
        address = row[email].strip() if email is not None and "@" in row[email] else ""
        found.append(Student(own, row[number].strip(), first, last, address))
    return found


def student_rows(table: Spreadsheet) -> list[int]:
    """Numbers of the rows that belong to a student: those with a number, but for the test student."""
    name, number = _needed(table, "Student"), _needed(table, "ID")
    return [
        position
        for position, row in enumerate(table.rows)
        if re.fullmatch(r"\d+", row[number].strip()) and row[name].strip().casefold() != "student, test"
    ]


def keys(table: Spreadsheet) -> dict[int, Student]:
    """Row → who it is, by Canvas's own number."""
    return dict(zip(student_rows(table), students(table, "ID"), strict=True))


def grade_column(table: Spreadsheet, assignment: str, chosen: str = "") -> int:
    """The column of an assignment: ``lab1 (12345)``; the number is Canvas's.

    Raises:
        BadArgumentError: there is none, or more than one.
    """
    wanted = (chosen or assignment).strip().casefold()
    fits = [
        column
        for column, head in enumerate(table.heads)
        if head.casefold() == wanted or re.fullmatch(re.escape(wanted) + r" \(\d+\)", head.casefold())
    ]
    if len(fits) == 1:
        return fits[0]
    there = ", ".join(head for head in table.heads if re.search(r" \(\d+\)$", head)) or "none"
    raise BadArgumentError(
        f"Expected one column for {chosen or assignment!r}, found {len(fits)}; the file's assignments: {there}. Name it with --column."
    )


def maximum(table: Spreadsheet, column: int) -> float | None:
    """The points that Canvas has for a column, in the row *Points Possible*; None where the file does not say."""
    name = _needed(table, "Student")
    rows = [row for row in table.rows if row[name].strip().casefold() == "points possible"]
    return table.number(rows[0][column]) if rows else None


def may_change(table: Spreadsheet, row: int) -> bool:
    """Canvas takes a grade for every row."""
    return True


def handed(path: str) -> Handed | None:
    """What the name of a file in *Download Submissions* says: ``doejane_LATE_123_456_lab1.ipynb``; None for other names."""
    found = _FILE.fullmatch(PurePosixPath(path).name)
    if not found:
        return None
    # Canvas writes -1, -2 … before the ending of a file that a student hands in again.
    again = _AGAIN.fullmatch(found["name"])
    name, attempt = (again["stem"] + again["suffix"], int(again["number"])) if again else (found["name"], 0)
    prefix = found[0].removesuffix(found["name"])
    return Handed(found["user"], found["who"], name, attempt, found["late"] is not None, prefix)


def feedback_name(prefix: str, assignment: str) -> str:
    """The name of a feedback page in the archive for *Upload Submissions*: Canvas goes by the numbers at its beginning."""
    return f"{prefix}{assignment}.html"


def _needed(table: Spreadsheet, head: str) -> int:
    column = table.place(head)
    if column is None:
        raise BadArgumentError(
            f"Expected a gradebook that Canvas exported, with a column {head!r}; the file has: {', '.join(table.heads[:12])}."
        )
    return column
