"""What is set in every process: the threads of NumPy's linear algebra, and what TensorFlow logs.

The one place that says so. Students' graded kernels and the examiner carry these variables from their start. A course whose own
package calls :func:`apply` when it is imported has notebooks that behave alike in any kernel.

**Threads.** A thread of OpenBLAS that waits for another spins: it takes processor time and does not sleep. Logistic regression on
a few hundred rows is thousands of tiny products with such a wait in each. On two cores, alone, two threads took 2.5 times as
long as one; next to one busy process, such as TensorFlow's own threads or another notebook, 12 times as long, because the
thread that is waited for has no core while the one that waits keeps it. Nothing in a teaching notebook is large enough to gain
from more. TensorFlow has threads of its own, which do the heavy work and are left alone.

**Log lines.** nbgrader gives a test cell with anything on stderr 0 points.
"""

from __future__ import annotations

import logging
import os
import random
import sys
from types import MappingProxyType

_BLAS = "OPENBLAS_NUM_THREADS"
_CHOSEN_BY = (_BLAS, "GOTO_NUM_THREADS", "OMP_NUM_THREADS")
"""What OpenBLAS reads, the first that is set."""

VARIABLES = MappingProxyType({"TF_CPP_MIN_LOG_LEVEL": "3", _BLAS: "1"})
"""Environment variables that each process starts with."""


def apply() -> None:
    """Applies the settings to the running process, also where NumPy or TensorFlow has been imported already.

    What users have set themselves stays. NumPy and TensorFlow are not imported.
    """
    chosen = any(os.environ.get(name) for name in _CHOSEN_BY)
    for name, value in VARIABLES.items():
        if name != _BLAS or not chosen:
            os.environ.setdefault(name, value)  # for libraries that are loaded later, SciPy's own OpenBLAS among them
    if not chosen and "numpy" in sys.modules:
        _limit_loaded_blas(int(VARIABLES[_BLAS]))
    logging.getLogger("tensorflow").addFilter(_worth_reading)
    _keep_compiled_output_out()


def reseed() -> None:
    """Has Python and, where it is loaded, NumPy draw other random numbers: a fork would draw the same as its parent."""
    random.seed()
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(int.from_bytes(os.urandom(4), "big"))


def _limit_loaded_blas(threads: int) -> None:
    """OpenBLAS has read its variable when it was loaded; from then on only a call changes it."""
    try:
        from threadpoolctl import ThreadpoolController
    except ImportError:  # it comes with scikit-learn
        return
    ThreadpoolController().select(internal_api="openblas").limit(limits=threads)


def _worth_reading(record: logging.LogRecord) -> bool:
    # TensorFlow warns, on stderr, that tracing is expensive when a notebook runs a few bases. That is true, but it is
    # no mistake of the student's and nothing that a student could act on.
    return "triggered tf.function retracing" not in str(record.msg)


def _keep_compiled_output_out() -> None:
    """Keeps what compiled code writes to stderr out of a notebook's cells; it goes to where Jupyter was started.

    TensorFlow writes some lines while it is loaded, before it has read its log level. Graded kernels start with
    ``IPKernelApp.capture_fd_output=False``; here the same is done to a kernel that runs. What Python prints is still shown.
    """
    stream = sys.stderr
    kernels = sys.modules.get("ipykernel.iostream")
    if kernels is None or not isinstance(stream, kernels.OutStream) or not getattr(stream, "_should_watch", False):
        return
    try:
        target, terminal, watching = stream._original_stdstream_fd, stream.fileno(), stream.watch_fd_thread
    except (AttributeError, OSError):  # another version of ipykernel: its lines are a nuisance, and no more
        return
    # As OutStream.close() does, without closing what Python prints to.
    stream._should_watch = False
    os.write(target, b"\0")  # wakes the thread, which sees that it is not to watch any more
    watching.join(timeout=5)
    os.dup2(terminal, target)
