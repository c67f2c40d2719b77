"""Preprocesses every photograph and then the batch once more."""

import numpy as np
from PIL import Image

from course_utils.models import preprocess

REPLACES = "prepare-batch"
MUST_FAIL = ("test-prepare-batch",)
HINT = "The images are preprocessed twice"


def prepare_batch(photos, name):
    squares = [np.asarray(Image.fromarray(photo).convert("RGB").resize((224, 224))) for photo in photos]
    squares = [preprocess(name, square) for square in squares]
    return preprocess(name, np.stack(squares))
