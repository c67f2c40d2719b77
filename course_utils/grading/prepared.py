"""What all checks of an assignment need and no submission decides: made once per run, before an examiner meets a submission.

A check runs in a fork that ends with it, so what one check computes, the next would compute again. A module with two
functions saves that: ``make()`` returns data that can cross the wire, and ``give(value)`` puts it where checks find it.

``make()`` is the course's code and sees nothing of a student's, so it runs outside the sandboxes: what it leaves in a store
of public features, students' kernels find there, where they themselves can write nothing.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path

from course_utils.errors import NotAvailableError
from course_utils.grading.records import hold
from course_utils.grading.sandbox import PACKAGE
from course_utils.grading.wire import encode
from course_utils.grading.wire_read import decode
from course_utils.store import writing

MOST_SECONDS = 240


def made(name: str, environment: dict[str, str], *, folder: Path | None = None, seconds: float = MOST_SECONDS) -> bytes:
    """What a module's ``make()`` gives, as a message; nothing where it fails or takes too long.

    Args:
        name: of the module.
        environment: the examiner's environment variables.
        folder: where the workers of a run share it: the first one makes it while the others wait. It may be gone, where an
            examiner outlives the run that it was started for.
        seconds: for making it.
    """
    if folder is None or not folder.is_dir():
        return _make(name, environment, seconds)
    try:
        with hold(folder, seconds=seconds + 10):
            path = folder / name
            if not path.exists():
                with writing(path) as temporary:
                    temporary.write_bytes(_make(name, environment, seconds))
            return path.read_bytes()
    except (NotAvailableError, OSError):
        return b""


def _make(name: str, environment: dict[str, str], seconds: float) -> bytes:
    """In a process of its own: the threads that libraries start when they compute would not survive an examiner's forks."""
    try:
        ended = subprocess.run(
            [sys.executable, "-P", "-m", __name__, name],
            env={**os.environ, "PYTHONPATH": str(PACKAGE.parent), **environment},
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
        )
    except (subprocess.TimeoutExpired, OSError):
        return b""
    return ended.stdout if ended.returncode == 0 else b""


def give(name: str, message: bytes) -> bool:
    """Hands over to a module, in the examiner, what its ``make()`` gave; says whether that went well."""
    try:
        importlib.import_module(name).give(decode(message))
    except Exception:  # of the course's own module: without it, checks take longer and come to the same
        return False
    return True


if __name__ == "__main__":
    outgoing = os.dup(1)
    os.dup2(2, 1)  # what libraries print is no part of the message
    with open(outgoing, "wb") as pipe:
        pipe.write(encode(importlib.import_module(sys.argv[1]).make()))
