"""Squeezes the result, so that one photograph alone loses the batch axis."""

import numpy as np
from PIL import Image

from course_utils.models import preprocess

REPLACES = "prepare-batch"
MUST_FAIL = ("test-prepare-batch",)
HINT = "The first axis counts photographs"


def prepare_batch(photos, name):
    squares = [np.asarray(Image.fromarray(photo).convert("RGB").resize((224, 224))) for photo in photos]
    return np.squeeze(preprocess(name, np.stack(squares)))
