"""The examiner's process: runs pristine test cells on students' values, which it gets as data through the parent.

It is started once, imports what test cells will need, and forks for every check, so that nothing of one check, and
nothing of one student, is there in the next. It has no network and sees no gradebook and no submission.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time

from nbgrader_isolated.examiner import reasons
from nbgrader_isolated.examiner.prepared import give
from nbgrader_isolated.examiner.test_cell import UNAVAILABLE, ExaminedCell
from nbgrader_isolated.wire import frames


def serve(settings: dict[str, list[str]]) -> None:
    """Imports modules, then takes what is prepared (see ``prepared.py``) or makes a check, a frame each, until the pipe closes.

    Args:
        settings: ``modules`` to import; ``packages`` and ``unavailable`` as :class:`~nbgrader_isolated.run.settings.Settings`
            has them.
    """
    reasons.PACKAGES.update(settings["packages"])
    UNAVAILABLE.update(settings["unavailable"])
    incoming, outgoing = frames.own_pipes()
    for name in settings["modules"]:
        importlib.import_module(name)
    frames.write(outgoing, {"ready": True})
    checked = False
    while True:
        try:
            job, raw = frames.read(incoming, deadline=time.monotonic() + frames.IDLE_SECONDS)
        except frames.FrameError:
            return
        if "give" in job and not checked:
            frames.write(outgoing, {"refused": give(job["give"], raw)})
            continue
        checked = True  # from here on nothing is taken over that a later check would find
        child = os.fork()
        if child == 0:
            try:
                done = ExaminedCell(incoming, outgoing, job).run()
                frames.write(outgoing, {"done": done})
                os._exit(0)
            finally:
                os._exit(1)
        _, status = os.waitpid(child, 0)
        if status != 0:
            return  # the pipe may hold half a frame; the parent starts a new examiner


if __name__ == "__main__":
    serve(json.loads(sys.argv[1]))
