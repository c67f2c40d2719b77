"""Takes np.resize for resizing: it cuts and repeats pixels until the count is right."""

import numpy as np
from PIL import Image

from course_utils.models import preprocess

REPLACES = "prepare-batch"
MUST_FAIL = ("test-prepare-batch",)


def prepare_batch(photos, name):
    squares = [np.resize(np.asarray(Image.fromarray(photo).convert("RGB")), (224, 224, 3)) for photo in photos]
    return preprocess(name, np.stack(squares))
