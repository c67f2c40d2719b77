"""Counts an image only if the right class gets more than one half."""

import numpy as np

REPLACES = "share-right"
MUST_FAIL = ("test-share-right",)
MARKS = 2.5


def share_right(probabilities, one_hot):
    return float(np.all((probabilities > 0.5) == (one_hot == 1), axis=1).mean())
