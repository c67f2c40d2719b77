"""Records on disk: written whole, read with patience, and in the hands of one grader at a time."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from course_utils.errors import NotAvailableError
from course_utils.grading.closed import make_folder, open_file, writing
from course_utils.grading.outcomes import Record

_FILE = "record.json"
_OF_THE_SUBMISSION = ("fingerprint", "beside", "salt")
"""What lies in a record's file besides: which submission it belongs to."""
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError)


def as_record(plain: dict) -> Record:
    """A worker's JSON, or a file's, as a record."""
    return Record.from_plain(plain)


def read_plain(evidence: Path) -> dict:
    """What an earlier run wrote down about a notebook; nothing where that is not whole."""
    with contextlib.suppress(*_UNREADABLE):
        plain = json.loads((evidence / _FILE).read_text(encoding="utf-8"))
        as_record(plain)
        return plain
    return {}


def read_again(evidence: Path) -> dict | None:
    """A notebook's record as ``Record.plain`` gives it, to see whether it is the one that was read before."""
    plain = read_plain(evidence)
    return as_record(plain).plain() if plain else None


def write_plain(evidence: Path, plain: dict) -> None:
    """Writes a record down; ``told`` is about one run and not kept."""
    with writing(evidence / _FILE) as temporary:
        temporary.write_text(json.dumps({**plain, "told": []}), encoding="utf-8")


def rewrite(evidence: Path, record: Record) -> None:
    """Changes a record that is on disk, not the submission it belongs to."""
    before = read_plain(evidence)
    write_plain(evidence, record.plain() | {name: before[name] for name in _OF_THE_SUBMISSION if name in before})


def read_records(folder: Path) -> dict[str, list[Record]]:
    """The records of an assignment, by student; one that cannot be read is named on stderr and left out."""
    graded: dict[str, list[Record]] = {}
    for path in sorted(folder.glob(f"*/*/{_FILE}")):
        try:
            record = as_record(json.loads(path.read_text(encoding="utf-8")))
        except _UNREADABLE as error:
            print(
                f"{path} cannot be read as a record ({type(error).__name__}) and is left out; `grade` makes it anew.",
                file=sys.stderr,
            )
            continue
        graded.setdefault(path.parent.parent.name, []).append(record)
    return graded


@contextlib.contextmanager
def hold(folder: Path, *, seconds: float = 0, make: bool = True) -> Iterator[None]:
    """Holds a folder of evidence for this process: two that write there would get into each other's way.

    It is let go however the process ends.

    Args:
        folder: of an assignment, or of one student.
        seconds: how long to wait for another process that holds it.
        make: the folder if need be.

    Raises:
        NotAvailableError: that was too short, or nothing can be held there.
        FileNotFoundError: there is no such folder, and none is to be made.
    """
    import fcntl  # not on Windows, where there is no sandbox either

    if make:
        make_folder(folder)
    deadline = time.monotonic() + seconds
    with open(open_file(folder / ".lock", os.O_WRONLY), "w") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise NotAvailableError(
                        f"{folder.name} is being graded by another process. Wait for it to end."
                    ) from None
                time.sleep(0.2)
            except OSError as error:
                raise NotAvailableError(f"{folder} cannot be locked: {os.strerror(error.errno)}.") from None
        yield
