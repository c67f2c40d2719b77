"""Submissions on which grading does not reach its end: the worker ends, or the grader meets an error that it does not expect.

Before a notebook is graded its folder of evidence is marked, and the mark goes when there is a record. A mark that is left
says what was being graded. Only then may the submission be the reason.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from nbgrader_isolated.closed import make_folder, writing
from nbgrader_isolated.errors import GraderError
from nbgrader_isolated.run import unmarked
from nbgrader_isolated.run.records import write_plain

_FILE = "begun.json"
OF_THE_MACHINE = (OSError, MemoryError, GraderError)
"""Errors that say something about the machine or the settings."""
NOT_AGAIN = "Grading this submission failed twice, and others were graded. It is not tried again without --force."


def begin(evidence: Path, about: dict) -> None:
    """Marks a notebook's folder of evidence; ``about`` is what its record says of the submission, besides the record."""
    make_folder(evidence)
    with writing(evidence / _FILE) as temporary:
        temporary.write_text(json.dumps(about), encoding="utf-8")


def forget(evidence: Path) -> None:
    """Takes the mark away; where there is none, nothing happens."""
    with contextlib.suppress(OSError):
        (evidence / _FILE).unlink()


def begun(evidence: Path) -> dict:
    """What the mark says; nothing where there is none."""
    with contextlib.suppress(OSError, ValueError):
        return json.loads((evidence / _FILE).read_text(encoding="utf-8"))
    return {}


def set_to_manual_review(evidence: Path, name: str, pristine: list[dict], reason: str) -> dict:
    """Writes down that a marked notebook needs manual review; the next run finds that nothing has changed.

    Args:
        evidence: its folder.
        name: of the notebook, without the ending.
        pristine: the instructor's cells.
        reason: a sentence for the student.

    Returns:
        The record as JSON.

    Raises:
        OSError: it could not be written.
    """
    record = unmarked.give_up(name, pristine, reason)
    record.failed, record.warnings = "", [NOT_AGAIN]
    plain = record.plain() | begun(evidence)
    write_plain(evidence, plain)
    forget(evidence)
    return plain
