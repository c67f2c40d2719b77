"""Turns RGB to BGR by hand, although the preprocessing for VGG16 does so itself."""

import numpy as np
from PIL import Image

from course_utils.models import preprocess

REPLACES = "prepare-batch"
MUST_FAIL = ("test-prepare-batch",)
HINT = "Red and blue have changed places"


def prepare_batch(photos, name):
    squares = [np.asarray(Image.fromarray(photo).convert("RGB").resize((224, 224))) for photo in photos]
    return preprocess(name, np.stack(squares)[..., ::-1])
