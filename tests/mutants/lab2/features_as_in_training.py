"""Calls the extractor with training=True."""

import numpy as np

from course_utils.models import preprocess

REPLACES = "extract-features"
MUST_FAIL = ("test-extract-features",)
HINT = "must act as in prediction"


def extract_features(extractor, images):
    return np.asarray(extractor(preprocess("vgg16", images), training=True))
