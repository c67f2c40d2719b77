"""Makes rows of the right shape and never asks the extractor."""

import numpy as np

REPLACES = "extract-features"
MUST_FAIL = ("test-extract-features",)
HINT = "depend on the image"


def extract_features(extractor, images):
    return np.zeros((len(images), extractor.output_shape[1]), np.float32)
