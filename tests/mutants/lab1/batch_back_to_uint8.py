"""Allocates the batch as uint8, so that what was prepared is cut off when it is put in."""

import numpy as np
from PIL import Image

from course_utils.models import preprocess

REPLACES = "prepare-batch"
MUST_FAIL = ("test-prepare-batch",)
HINT = "expected float32"


def prepare_batch(photos, name):
    batch = np.zeros((len(photos), 224, 224, 3), dtype="uint8")
    for index, photo in enumerate(photos):
        square = np.asarray(Image.fromarray(photo).convert("RGB").resize((224, 224)))
        batch[index] = preprocess(name, square).astype("int64")
    return batch
