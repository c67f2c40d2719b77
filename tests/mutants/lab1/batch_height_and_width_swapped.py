"""Turns every photograph on its side while sorting out which axis is the width."""

import numpy as np
from PIL import Image

from course_utils.models import preprocess

REPLACES = "prepare-batch"
MUST_FAIL = ("test-prepare-batch",)
HINT = "Height and width have changed places"


def prepare_batch(photos, name):
    squares = []
    for photo in photos:
        image = Image.fromarray(photo).convert("RGB").resize((224, 224))
        squares.append(np.asarray(image).transpose(1, 0, 2))
    return preprocess(name, np.stack(squares))
