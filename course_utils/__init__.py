"""Helpers for the transfer-learning course: pretrained bases, images, stored features, checks.

Importing this package is cheap: TensorFlow and Keras are imported inside the functions that need them. It sets how many
threads NumPy uses and what TensorFlow logs, see :mod:`nbgrader_isolated.sandbox.process_settings`.
"""

from nbgrader_isolated.sandbox import process_settings as _process_settings

_process_settings.apply()

__version__ = "0.1.0"
