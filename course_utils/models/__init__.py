"""Pretrained bases: the registry of what is known about each, their weights, and plain Keras models made of them.

``load_*`` never touches the network; ``fetch_*`` may.
"""

from course_utils.models.keras_files import weights_file
from course_utils.models.loading import load_base
from course_utils.models.predictions import decode_predictions
from course_utils.models.registry import BASES, GRADED, Base, find_base, list_bases, preprocess
from course_utils.models.weights import fetch_weights, weights_path
