"""Records on disk: written whole, and read with patience."""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path

from nbgrader_isolated.closed import writing
from nbgrader_isolated.outcomes import Record

_FILE = "record.json"
_OF_THE_SUBMISSION = ("digest", "attachments", "salt")
"""What a record's file holds in addition: which submission the record belongs to."""
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError)


def read_plain(evidence: Path) -> dict:
    """What an earlier run wrote down about a notebook; nothing where that is not whole."""
    with contextlib.suppress(*_UNREADABLE):
        plain = json.loads((evidence / _FILE).read_text(encoding="utf-8"))
        Record.from_plain(plain)
        return plain
    return {}


def read_again(evidence: Path) -> dict | None:
    """A notebook's record as ``Record.plain`` gives it, to see whether it is the one that was read before."""
    plain = read_plain(evidence)
    return Record.from_plain(plain).plain() if plain else None


def write_plain(evidence: Path, plain: dict) -> None:
    """Writes a record down; ``warnings`` are about one run and not kept."""
    with writing(evidence / _FILE) as temporary:
        temporary.write_text(json.dumps({**plain, "warnings": []}), encoding="utf-8")


def rewrite(evidence: Path, record: Record) -> None:
    """Changes a record that is on disk, not the submission it belongs to."""
    before = read_plain(evidence)
    write_plain(evidence, record.plain() | {name: before[name] for name in _OF_THE_SUBMISSION if name in before})


def read_records(folder: Path) -> dict[str, list[Record]]:
    """The records of an assignment, by student; one that cannot be read is named on stderr and left out."""
    graded: dict[str, list[Record]] = {}
    for path in sorted(folder.glob(f"*/*/{_FILE}")):
        try:
            record = Record.from_plain(json.loads(path.read_text(encoding="utf-8")))
        except _UNREADABLE as error:
            print(
                f"{path} cannot be read as a record ({type(error).__name__}) and is left out; `grade` makes it again.",
                file=sys.stderr,
            )
            continue
        graded.setdefault(path.parent.parent.name, []).append(record)
    return graded
