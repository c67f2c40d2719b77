"""What all checks of an assignment need and no submission decides: made once per run, before an examiner meets a submission.

A check runs in a fork that ends with it, so what one check computes, the next would compute again. A module with two
functions saves that: ``make()`` returns data that can cross the wire, and ``give(value)`` puts it where checks find it.

``make()`` is the course's code and sees nothing of a student's, so it runs outside the sandboxes: what it leaves in a store
of public features, students' kernels find there, where they themselves can write nothing.
"""

from __future__ import annotations

import contextlib
import importlib
import math
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from course_utils.errors import NotAvailableError
from course_utils.grading import sandbox
from course_utils.grading.records import hold
from course_utils.grading.wire import encode
from course_utils.grading.wire_read import decode

MOST_SECONDS = 240


def made(name: str, environment: dict[str, str], *, folder: Path | None = None, seconds: float = MOST_SECONDS) -> bytes:
    """What a module's ``make()`` gives, as a message; nothing where it fails or takes too long.

    Args:
        name: of the module.
        environment: the examiner's environment variables.
        folder: where the workers of a run share it: the first one makes it while the others wait. It may be gone, where an
            examiner outlives the run that it was started for, and then stays gone: it holds what is hidden.
        seconds: for making it.
    """
    if folder is None:
        return _make(name, environment, seconds)
    try:
        place = folder / name
        place.mkdir(mode=0o700, exist_ok=True)
        with hold(place, seconds=seconds + 10):
            path = place / "message"
            if path.exists():
                return path.read_bytes()
            message = _make(name, environment, seconds)
            with contextlib.suppress(OSError):  # the run has ended meanwhile, or the disk is full: the message is good
                _keep(path, message)
            return message
    except OSError:
        return _make(name, environment, seconds)
    except NotAvailableError:  # whoever makes it takes too long
        return b""


def _keep(path: Path, message: bytes) -> None:
    """Writes a file whole, for its owner alone, and makes no folder for it."""
    part = path.with_suffix(".part")
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(message)
    os.replace(part, path)


def _make(name: str, environment: dict[str, str], seconds: float) -> bytes:
    """In a process of its own: the threads that libraries start when they compute would not survive an examiner's forks.

    Its environment is the examiner's, with an empty home: no setting of whoever started the run changes what a class is judged on.
    """
    try:
        with tempfile.TemporaryDirectory(prefix=f"grading-{os.getpid()}-") as home:
            ended = subprocess.run(
                [sys.executable, "-P", "-m", __name__, name, str(math.ceil(seconds))],
                env=sandbox.inside([Path(home)], environment),
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
    signal.alarm(int(sys.argv[2]) + 5)  # whoever waits for it may have been killed
    outgoing = os.dup(1)
    os.dup2(2, 1)  # what libraries print is no part of the message
    made_here = encode(importlib.import_module(sys.argv[1]).make())
    with open(outgoing, "wb") as pipe:
        pipe.write(made_here)
    os._exit(0)  # a library that fails when it is taken down does not matter any more
