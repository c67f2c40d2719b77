"""Looks for shared images and takes everything else for sound."""

import numpy as np

REPLACES = "leaks"
MUST_FAIL = ("test-leaks",)
MARKS = 1.0


def leaks(train, test, groups):
    shared = int(np.isin(test, train).sum())
    return shared, shared
