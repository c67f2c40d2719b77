"""Shuffles with a generator that is seeded by nothing."""

import numpy as np

REPLACES = "split"
MUST_FAIL = ("test-split",)
HINT = "made inside the function"


def split_by_cutout(labels, groups, seed):
    rng = np.random.default_rng()
    chosen = []
    for label in np.unique(labels):
        cutouts = rng.permutation(np.unique(groups[labels == label]))
        chosen += list(cutouts[: round(len(cutouts) / 4)])
    held_out = np.isin(groups, chosen)
    return np.flatnonzero(~held_out), np.flatnonzero(held_out)
