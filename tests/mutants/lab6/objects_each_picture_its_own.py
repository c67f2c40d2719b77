"""Gives every image a number of its own."""

import numpy as np

REPLACES = "objects-of"
MUST_FAIL = ("test-objects-of",)
MAY_FAIL = ("test-hand-in",)
HINT = "last hyphen"


def objects_of(paths):
    return np.arange(len(paths))
