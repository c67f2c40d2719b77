"""Resizes and stacks, and forgets the preprocessing."""

import numpy as np
from PIL import Image

REPLACES = "prepare-batch"
MUST_FAIL = ("test-prepare-batch",)
HINT = "The images are not preprocessed"


def prepare_batch(photos, name):
    squares = [np.asarray(Image.fromarray(photo).convert("RGB").resize((224, 224))) for photo in photos]
    return np.stack(squares).astype(np.float32)
