"""Goes through whole batches only and drops the rest."""

import numpy as np

from course_utils.models import preprocess

REPLACES = "extract-features"
MUST_FAIL = ("test-extract-features",)
HINT = "Is the last batch"


def extract_features(extractor, images):
    rows = []
    for start in range(0, max(1, len(images) - 31), 32):
        rows.append(extractor.predict(preprocess("vgg16", images[start : start + 32]), verbose=0))
    return np.concatenate(rows)
