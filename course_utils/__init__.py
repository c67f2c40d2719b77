"""Helpers for the transfer-learning course: pretrained bases, pictures, stored features, checks.

Importing this package is cheap: TensorFlow and Keras are imported inside the functions that need them.
"""

import os

# TensorFlow's C++ log lines go to stderr, and nbgrader gives a test cell with anything on stderr 0 points.
# Both variables are read once, when TensorFlow is first imported, so they are set here, before anybody can.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")

__version__ = "0.1.0"
