"""Moodle: its participants, an assignment's grading worksheet, its archive of submissions, and names of feedback files."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from nbgrader_isolated.errors import BadArgumentError
from nbgrader_isolated.lms.archive import Handed
from nbgrader_isolated.lms.spreadsheet import Spreadsheet
from nbgrader_isolated.lms.students import Student

NAME = "moodle"
DEFAULT_ID = ("Username", "ID number", "Email address")
_FOLDER = re.compile(r"(?P<who>.+)_(?P<user>\d+)_assignsubmission_(?P<kind>file|onlinetext)_?(?P<rest>.*)", re.S)
_PARTICIPANT = re.compile(r"\D*(\d+)\D*")


def students(table: Spreadsheet, id_column: str = "") -> list[Student]:
    """The students of a list of participants, a grading worksheet or a gradebook export.

    An email address as an id is cut before the @. Rows whose roles are given and are not a student's are left out.

    Raises:
        BadArgumentError: the file has neither names nor a column of ids.
    """
    columns = [
        column for head in ((id_column,) if id_column else DEFAULT_ID) if (column := table.place(head)) is not None
    ]
    if not columns:
        wanted = id_column or ", ".join(DEFAULT_ID)
        raise BadArgumentError(
            f"Expected a column of {wanted}; the file has: {', '.join(table.heads[:12])}. Choose one with --id."
        )
    first, last = table.place("First name"), table.place("Last name", "Surname")
    full, email, roles = table.place("Full name"), table.place("Email address", "Email"), table.place("Roles")
    number = table.place("Identifier", "User ID")
    found = []
    for row in table.rows:
        if roles is not None and row[roles].strip() and "student" not in row[roles].casefold():
            continue
        own = next((row[column].strip() for column in columns if row[column].strip()), "")
        if not id_column:
            own = own.partition("@")[0]
        names = (row[first].strip() if first is not None else "", row[last].strip() if last is not None else "")
        if not any(names) and full is not None:
            given, _, family = row[full].strip().rpartition(" ")
            names = (given, family)
        digits = _PARTICIPANT.fullmatch(row[number].strip()) if number is not None else None
        address = row[email].strip() if email is not None else ""
        found.append(Student(own, digits[1] if digits else "", *names, address))
    return found


def keys(table: Spreadsheet) -> dict[int, Student]:
    """Row → who it is, of a grading worksheet."""
    if table.place("Identifier") is None:
        raise BadArgumentError(
            "Expected a grading worksheet, with a column 'Identifier': in Moodle, the assignment's page, Actions, Download "
            f"grading worksheet. The file has: {', '.join(table.heads[:12])}."
        )
    return dict(enumerate(students(table)))


def grade_column(table: Spreadsheet, assignment: str, chosen: str = "") -> int:
    """The column of grades of a grading worksheet, which is of one assignment."""
    column = table.place(chosen or "Grade")
    if column is None:
        raise BadArgumentError(
            f"Expected a column {chosen or 'Grade'!r}; the file has: {', '.join(table.heads)}. Name it with --column."
        )
    return column


def maximum(table: Spreadsheet, column: int) -> float | None:
    """The points that Moodle has for the assignment, as the worksheet's rows agree; None where it does not say."""
    place = table.place("Maximum Grade")
    values = {table.number(row[place]) for row in table.rows if row[place].strip()} if place is not None else set()
    return values.pop() if len(values) == 1 else None


def may_change(table: Spreadsheet, row: int) -> bool:
    """Whether Moodle takes a grade for a row: *Grade can be changed*."""
    place = table.place("Grade can be changed")
    return place is None or table.rows[row][place].strip().casefold() not in ("no", "0", "false")


def handed(path: str) -> Handed | None:
    """What a path in *Download all submissions* says, with folders or without; None for other names, and for typed-in text."""
    parts = PurePosixPath(path).parts
    for position, part in enumerate(parts):
        found = _FOLDER.fullmatch(part)
        if found:
            inside = "/".join([*filter(None, [found["rest"]]), *parts[position + 1 :]])
            if not inside or found["kind"] != "file":
                return None
            prefix = f"{found['who']}_{found['user']}_assignsubmission_file_"
            return Handed(found["user"], found["who"], inside, 0, False, prefix)
    return None


def feedback_name(prefix: str, assignment: str) -> str:
    """The name of a feedback page in the archive for *Upload multiple feedback files in a zip*."""
    return f"{prefix}{assignment}.html"
