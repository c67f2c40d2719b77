"""Receipts: a row for each file of each submission, with its time and SHA-256, however it came.

By the hash a student can prove what was handed in, and an instructor that it is what was graded. ``check`` prints the
same hash for students.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path

from nbgrader_isolated.closed import make_folder, open_file
from nbgrader_isolated.gradebook.marks import read_timestamp
from nbgrader_isolated.gradebook.spreadsheet import guarded

NAME = "receipts.csv"
HEADS = ["noted (UTC)", "student", "handed in (UTC)", "late", "came by", "file", "bytes", "sha256"]
NOT_FILES = {"timestamp.txt", "submission_secret.txt"}
"""What the collecting command adds to a submission."""
MOST_FILES = 2000


def note(evidence: Path, student: str, folder: Path, came_by: str, *, late: bool = False) -> int:
    """Adds a row for each file that has none yet with its bytes and time as they are now, to ``receipts.csv``.

    Args:
        evidence: the assignment's folder of records; the file is there, for instructors alone.
        student: the student's id.
        folder: the submission.
        came_by: how it came: ``canvas``, ``moodle``, ``exchange``, ``folder``.
        late: whether the system that it came by calls it late.

    Returns:
        The number of rows.
    """
    make_folder(evidence)
    path = evidence / NAME
    known = {(row["student"], row["file"]): (row["handed in (UTC)"], row["sha256"]) for row in read(path)}
    when = read_timestamp(folder)
    handed_in = f"{when:%Y-%m-%d %H:%M:%S}" if when else "not known"
    rows = []
    for file in _files(folder):
        name = _text(file.relative_to(folder).as_posix())
        size, digest = _digest(file)
        if known.get((_text(student), name)) != (handed_in, digest):
            rows.append(
                [
                    f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}",
                    _text(student),
                    handed_in,
                    "late" if late else "",
                    came_by,
                    name,
                    size,
                    digest,
                ]
            )
    if rows:
        handle = open_file(path, os.O_WRONLY | os.O_APPEND)
        with open(handle, "a", newline="", encoding="utf-8") as opened:
            writer = csv.writer(opened)
            if not opened.tell():
                writer.writerow(HEADS)
            writer.writerows(rows)
    return len(rows)


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a file of receipts; none where there is none."""
    if not path.is_file():
        return []
    with path.open(newline="", encoding="utf-8", errors="replace") as file:
        return list(csv.DictReader(file))


def _files(folder: Path) -> list[Path]:
    """The regular files of a submission; links are not followed."""
    found: list[Path] = []
    for place, folders, names in os.walk(folder):
        folders.sort()
        found += [Path(place, name) for name in sorted(names) if name not in NOT_FILES or Path(place) != folder]
        if len(found) > MOST_FILES:
            break
    return [file for file in found[:MOST_FILES] if file.is_file() and not file.is_symlink()]


def _text(name: str) -> str:
    """A name as it stands in the table, also one that is no text."""
    return str(guarded(name.encode(errors="backslashreplace").decode()))


def _digest(path: Path) -> tuple[int | str, str]:
    with (
        contextlib.suppress(OSError),
        open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file,
    ):
        return os.fstat(file.fileno()).st_size, hashlib.file_digest(file, "sha256").hexdigest()
    return "", "cannot be read"
