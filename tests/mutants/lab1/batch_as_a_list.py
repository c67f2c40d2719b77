"""Returns a list of prepared photographs that were never stacked."""

import numpy as np
from PIL import Image

from course_utils.models import preprocess

REPLACES = "prepare-batch"
MUST_FAIL = ("test-prepare-batch",)
HINT = "np.stack joins equal images"


def prepare_batch(photos, name):
    batch = []
    for photo in photos:
        square = np.asarray(Image.fromarray(photo).convert("RGB").resize((224, 224)))
        batch.append(preprocess(name, square))
    return batch
