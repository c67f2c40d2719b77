"""A folder of evidence in the hands of one grader at a time."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from nbgrader_isolated.closed import make_folder, open_file
from nbgrader_isolated.errors import NotAvailableError


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
