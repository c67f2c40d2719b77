"""Helpers for the transfer-learning course: pretrained bases, pictures, stored features, checks.

Importing this package is cheap: TensorFlow and Keras are imported inside the functions that need them.
"""

import logging
import os

# TensorFlow's C++ log lines go to stderr, and nbgrader gives a test cell with anything on stderr 0 points.
# The variable is read once, when TensorFlow is first imported, so it is set here, before anybody can. A few lines come
# even before it is read; the kernels that `python -m course_utils kernels` installs keep those out of the notebook.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# See course_utils.kernels for why; here it helps programs that import this package before NumPy.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def _worth_reading(record: logging.LogRecord) -> bool:
    # Whoever runs a few bases in one notebook is told, on stderr, that tracing is expensive. It is not wrong, but it
    # is no mistake either, and nothing that a student could act on.
    return "triggered tf.function retracing" not in str(record.msg)


logging.getLogger("tensorflow").addFilter(_worth_reading)

__version__ = "0.1.0"
