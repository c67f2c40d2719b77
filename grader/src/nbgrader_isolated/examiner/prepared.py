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
from typing import NamedTuple

from nbgrader_isolated.errors import NotAvailableError
from nbgrader_isolated.lock import hold
from nbgrader_isolated.sandbox import bubblewrap
from nbgrader_isolated.wire.decode import decode
from nbgrader_isolated.wire.encode import encode

MOST_SECONDS = 240


class Made(NamedTuple):
    """What a module's ``make()`` gave.

    Attributes:
        message: its data, as it crosses the wire; empty where it failed or took too long.
        reason: why it is empty, for the instructor.
    """

    message: bytes
    reason: str = ""


def made(name: str, environment: dict[str, str], *, folder: Path | None = None, seconds: float = MOST_SECONDS) -> Made:
    """What a module's ``make()`` gives.

    Args:
        name: of the module.
        environment: the examiner's environment variables.
        folder: where the workers of a run share it: the first one makes it while the others wait, and one attempt is all. It
            may be gone, where an examiner outlives the run that it was started for, and then stays gone: it holds what is
            hidden.
        seconds: for making it.
    """
    if folder is None:
        return _make(name, environment, seconds)
    try:
        place = folder / name
        place.mkdir(mode=0o700, exist_ok=True)
        with hold(place, seconds=seconds + 10, make=False):
            message, reason = place / "message", place / "reason"
            if message.exists():
                return Made(message.read_bytes())
            if reason.exists():
                return Made(b"", reason.read_text("utf-8"))
            here = _make(name, environment, seconds)
            # The run may have ended meanwhile, or the disk be full: what was made is good all the same.
            with contextlib.suppress(OSError):
                _keep(reason, here.reason.encode()) if here.reason else _keep(message, here.message)
            return here
    except OSError:
        return _make(name, environment, seconds)
    except NotAvailableError:
        return Made(b"", "another worker, which makes it, takes too long")


def _keep(path: Path, content: bytes) -> None:
    """Writes a file whole, for its owner alone, and makes no folder for it."""
    part = path.with_suffix(".part")
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    os.replace(part, path)


def _make(name: str, environment: dict[str, str], seconds: float) -> Made:
    """In a process of its own: the threads that libraries start when they compute would not survive an examiner's forks.

    Its environment is the examiner's, with an empty home: no setting of whoever started the run changes what a class is graded with.
    """
    try:
        with tempfile.TemporaryDirectory(prefix=f"grading-{os.getpid()}-") as home:
            ended = subprocess.run(
                [sys.executable, "-P", "-m", __name__, name, str(math.ceil(seconds))],
                env=bubblewrap.inside([Path(home)], environment),
                cwd="/",
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=seconds,
            )
    except subprocess.TimeoutExpired:
        return Made(b"", f"it took longer than {seconds:.0f} seconds")
    except OSError as error:
        return Made(b"", f"it could not be started ({error})")
    if ended.returncode == 0:
        return Made(ended.stdout)
    said = ended.stderr.decode("utf-8", "replace").strip().splitlines()  # a traceback ends with what it is about
    return Made(b"", (said[-1] if said else f"it ended with status {ended.returncode}")[:300])


def give(name: str, message: bytes) -> str:
    """Hands over to a module, in the examiner, what its ``make()`` gave; says why that failed, or nothing."""
    try:
        importlib.import_module(name).give(decode(message))
    except Exception as error:  # of the course's own module: without it, checks take longer and come to the same
        return f"{type(error).__name__}: {error}"
    return ""


if __name__ == "__main__":
    signal.alarm(int(sys.argv[2]) + 5)  # whoever waits for it may have been killed
    outgoing = os.dup(1)
    os.dup2(2, 1)  # what libraries print is no part of the message
    made_here = encode(importlib.import_module(sys.argv[1]).make())
    with open(outgoing, "wb") as pipe:
        pipe.write(made_here)
    os._exit(0)  # a library that fails when it is taken down does not matter any more
