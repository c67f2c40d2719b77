"""Does the arithmetic by hand in float64 and leaves it there."""

import numpy as np
from PIL import Image

from course_utils.models import preprocess

REPLACES = "prepare-batch"
MUST_FAIL = ("test-prepare-batch",)
MARKS = 17


def prepare_batch(photos, name):
    squares = [np.asarray(Image.fromarray(photo).convert("RGB").resize((224, 224))) for photo in photos]
    return preprocess(name, np.stack(squares)).astype(float)
