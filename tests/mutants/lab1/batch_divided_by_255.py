"""Divides by 255, as for a network of one's own, instead of preprocessing for the base."""

import numpy as np
from PIL import Image

REPLACES = "prepare-batch"
MUST_FAIL = ("test-prepare-batch",)
HINT = "which is not what vgg16 was trained with"


def prepare_batch(photos, name):
    squares = [np.asarray(Image.fromarray(photo).convert("RGB").resize((224, 224))) for photo in photos]
    return np.stack(squares).astype("float32") / 255
