"""Takes the largest number of each class instead of each image."""

import numpy as np

REPLACES = "share-right"
MUST_FAIL = ("test-share-right",)


def share_right(probabilities, one_hot):
    return float(np.mean(np.argmax(probabilities, axis=0) == np.argmax(one_hot, axis=0)))
