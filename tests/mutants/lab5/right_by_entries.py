"""Keeps counting entries, as the program does."""

import numpy as np

REPLACES = "share-right"
MUST_FAIL = ("test-share-right",)
HINT = "That is the share of entries."
MARKS = 0


def share_right(probabilities, one_hot):
    return float(np.mean(np.round(probabilities) == one_hot))
