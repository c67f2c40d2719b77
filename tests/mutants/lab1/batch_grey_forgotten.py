"""Counts on three channels, so a grey photograph or one with transparency ends in an error."""

import numpy as np
from PIL import Image

from course_utils.models import preprocess

REPLACES = "prepare-batch"
MUST_FAIL = ("test-prepare-batch",)
HINT = "greyscale and transparent photographs: Your function raised"
MARKS = 17


def prepare_batch(photos, name):
    squares = [np.asarray(Image.fromarray(photo).resize((224, 224))) for photo in photos]
    return preprocess(name, np.stack(squares))
