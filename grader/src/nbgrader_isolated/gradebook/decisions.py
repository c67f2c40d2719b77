"""What an instructor has decided of single students: extensions and settled pairs, in two tables that git ignores.

``extensions.csv`` has the columns ``assignment,student,days``; ``settled.csv`` has ``assignment,student,other``. Both lie in the
course's folder, for instructors alone.
"""

from __future__ import annotations

import csv
import difflib
import math
import os
from collections.abc import Collection, Iterator
from pathlib import Path

from nbgrader_isolated.errors import BadArgumentError
from nbgrader_isolated.notebook.plain_text import plain_text

EXTENSIONS, SETTLED = "extensions.csv", "settled.csv"
FILES = (EXTENSIONS, SETTLED)


def extra_days(path: Path, assignment: str) -> dict[str, float]:
    """Student → days after the due date that cost nothing, of one assignment.

    Args:
        path: the table of extensions; none need be there. Students who read the course's settings cannot read it.
        assignment: whose extensions are wanted.

    Raises:
        BadArgumentError: a row is not as it should be; the message names the line.
    """
    found: dict[str, float] = {}
    for line, row in _rows(path, ("assignment", "student", "days")):
        try:
            days = float(row["days"])
        except ValueError:
            days = math.nan
        if not 0 <= days < 1000:
            raise BadArgumentError(
                f"{path.name}, line {line}: expected a number of days, 0 or more, received {plain_text(row['days'])!r}."
            )
        if row["assignment"] == assignment:
            if row["student"] in found:
                raise BadArgumentError(
                    f"{path.name}, line {line}: expected one extension of {plain_text(row['student'])!r} for "
                    f"{plain_text(assignment)!r}, found another one. Take one out."
                )
            found[row["student"]] = days
    return found


def settled_pairs(path: Path, assignment: str) -> set[frozenset[str]]:
    """The pairs of students whose likeness somebody has looked into, of one assignment; see :func:`extra_days`."""
    rows = _rows(path, ("assignment", "student", "other"))
    return {frozenset((row["student"], row["other"])) for _, row in rows if row["assignment"] == assignment}


def require_known(root: Path, assignment: str, *, assignments: Collection[str], students: Collection[str]) -> None:
    """Refuses tables that name an assignment, or for this one a student, whom the course does not have.

    Args:
        root: the course's folder.
        assignment: whose students are looked at: others may have left the course since theirs was graded.
        assignments: the known ones.
        students: the known ids.

    Raises:
        BadArgumentError: with the line, and the nearest known name.
    """
    extra_days(root / EXTENSIONS, assignment)
    for name, columns in ((EXTENSIONS, ("student",)), (SETTLED, ("student", "other"))):
        for line, row in _rows(root / name, ("assignment", *columns)):
            _require(name, line, "an assignment of the course", row["assignment"], assignments)
            for column in columns if row["assignment"] == assignment else ():
                _require(name, line, "a student on the roster", row[column], students)


def _require(name: str, line: int, what: str, given: str, known: Collection[str]) -> None:
    if given not in known:
        near = difflib.get_close_matches(given, known, n=1, cutoff=0.5)
        hint = f"Is it {plain_text(near[0])!r}?" if near else "Correct it, or take the row out."
        raise BadArgumentError(f"{name}, line {line}: expected {what}, received {plain_text(given)!r}. {hint}")


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a table with their lines, cells without spaces at their ends; none where it is not there or another's."""
    if not os.access(path, os.R_OK):
        return
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            lines = file.read(2_000_000).splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadArgumentError(
            f"Expected a table in UTF-8; {path} cannot be read as one ({type(error).__name__})."
        ) from None
    delimiter = ";" if lines and lines[0].count(";") > lines[0].count(",") else ","
    reader = csv.DictReader(lines, delimiter=delimiter)
    heads = [head.strip().lower() for head in reader.fieldnames or []]
    if heads and not set(columns) <= set(heads):
        raise BadArgumentError(f"{path.name}: expected the columns {', '.join(columns)}, received {', '.join(heads)}.")
    reader.fieldnames = heads
    for row in reader:
        cells = {head: (row.get(head) or "").strip() for head in columns}
        if any(cells.values()):
            yield reader.line_num, cells
