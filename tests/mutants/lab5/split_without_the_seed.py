"""Ignores the seed: always the first objects."""

import numpy as np

REPLACES = "honest-split"
MUST_FAIL = ("test-honest-split",)
HINT = "Four seeds give the same split"
MARKS = 4.0


def honest_split(groups, share, seed):
    objects = np.unique(groups)
    test = np.isin(groups, objects[: round(share * len(objects))])
    return np.flatnonzero(~test), np.flatnonzero(test)
