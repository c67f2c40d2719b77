"""What all checks of an assignment need and no submission decides: made once per examiner, before it meets a submission.

A check runs in a fork that ends with it, so what one check computes, the next would compute again. A module with two
functions saves that: ``make()`` returns data that can cross the wire, and ``give(value)`` puts it where checks find it.
"""

from __future__ import annotations

import importlib
import os
import signal
import time

from course_utils.grading import frames
from course_utils.grading.wire import WireError, encode
from course_utils.grading.wire_read import decode

MOST_SECONDS = 240


def prepare(names: list[str], *, seconds: float = MOST_SECONDS) -> list[str]:
    """Makes and gives what each module offers; where making fails or takes too long, checks go without and do it themselves.

    It is made in a process that ends: the threads that libraries start when they compute would not survive the forks
    in which checks run.

    Returns:
        The names of those that failed.
    """
    failed = []
    for name in names:
        module = importlib.import_module(name)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                frames.write(writing, {}, encode(module.make()))
            finally:
                os._exit(0)
        os.close(writing)
        try:
            module.give(decode(frames.read(reading, deadline=time.monotonic() + seconds)[1]))
        except (frames.FrameError, WireError):
            failed.append(name)
        finally:
            os.close(reading)
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    return failed
