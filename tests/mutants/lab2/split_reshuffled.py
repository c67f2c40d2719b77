"""Takes one part from one shuffle and skips the other from the next, so that the parts overlap."""

import numpy as np

REPLACES = "split"
MUST_FAIL = ("test-split",)
HINT = "Draw once, then divide."


def split_by_cutout(labels, groups, seed):
    rng = np.random.default_rng(seed)
    cutouts = np.unique(groups)
    quarter = len(cutouts) // 4
    held_out = rng.permutation(cutouts)[:quarter]
    train = rng.permutation(cutouts)[quarter:]
    return np.flatnonzero(np.isin(groups, train)), np.flatnonzero(np.isin(groups, held_out))
