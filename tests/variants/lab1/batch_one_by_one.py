"""Preprocesses each photograph by itself and joins one-image batches; nearest pixels."""

import numpy as np
from PIL import Image

from course_utils.models import preprocess

REPLACES = "prepare-batch"


def prepare_batch(photos, name):
    rows = []
    for photo in photos:
        image = Image.fromarray(photo).convert("RGB").resize((224, 224), Image.Resampling.NEAREST)
        rows.append(preprocess(name, np.array(image))[None])
    return np.concatenate(rows, axis=0)
