"""Pretrained bases: the registry of what is known about each, their weights, and plain Keras models made of them.

``load_*`` never touches the network; ``fetch_*`` may.
"""

from course_utils.models.loading import decode_predictions, load_base, preprocess
from course_utils.models.registry import BASES, GRADED, Base, find_base, list_bases
from course_utils.models.weights import fetch_weights, weights_path

__all__ = [
    "BASES",
    "GRADED",
    "Base",
    "decode_predictions",
    "fetch_weights",
    "find_base",
    "list_bases",
    "load_base",
    "preprocess",
    "weights_path",
]
