"""Divides by 255 first, so that the preprocessing sees nearly black images."""

import numpy as np
from PIL import Image

from course_utils.models import preprocess

REPLACES = "prepare-batch"
MUST_FAIL = ("test-prepare-batch",)
HINT = "preprocessed after a division by 255"


def prepare_batch(photos, name):
    squares = [np.asarray(Image.fromarray(photo).convert("RGB").resize((224, 224))) / 255.0 for photo in photos]
    return preprocess(name, np.stack(squares))
