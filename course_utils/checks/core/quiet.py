"""Keeps what a student's function prints, and keeps stderr empty: nbgrader gives a cell with anything on it no points."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import warnings
from collections.abc import Iterator

LONGEST_PRINTED = 2000


class Printed(io.TextIOBase):
    """Keeps the beginning of what is written, so that a print in a loop cannot fill the memory."""

    def __init__(self) -> None:
        self.text = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if len(self.text) <= LONGEST_PRINTED:
            self.text += text[: LONGEST_PRINTED + 1]
        return len(text)

    def __str__(self) -> str:
        text = self.text.strip("\n")
        return text if len(text) <= LONGEST_PRINTED else text[:LONGEST_PRINTED] + " …"


@contextlib.contextmanager
def no_stderr() -> Iterator[None]:
    """Keeps stderr empty: Python's writes, warnings, log lines, and what C++ code writes to file descriptor 2."""
    level = logging.root.manager.disable
    with contextlib.ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        stack.enter_context(contextlib.redirect_stderr(Printed()))
        # TensorFlow's Python logger holds on to the stderr it found at import, so redirecting is not enough for it.
        logging.disable(logging.CRITICAL)
        stack.callback(logging.disable, level)
        with contextlib.suppress(OSError):  # no file descriptor 2, as in some embedded Pythons
            kept = os.dup(2)
            stack.callback(os.close, kept)
            nowhere = os.open(os.devnull, os.O_WRONLY)
            stack.callback(os.close, nowhere)
            os.dup2(nowhere, 2)
            stack.callback(os.dup2, kept, 2)
        yield
