"""Returns the test images first."""

import numpy as np

REPLACES = "honest-split"
MUST_FAIL = ("test-honest-split",)
HINT = "of the images; expected about"
MARKS = 4.0


def honest_split(groups, share, seed):
    objects = np.random.default_rng(seed).permutation(np.unique(groups))
    chosen = objects[: round(share * len(objects))]
    test = np.isin(groups, chosen)
    return np.flatnonzero(test), np.flatnonzero(~test)
