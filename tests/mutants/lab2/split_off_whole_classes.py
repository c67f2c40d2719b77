"""Holds out the last quarter of the cut-outs, in the order of their classes."""

import numpy as np

REPLACES = "split"
MUST_FAIL = ("test-split",)
HINT = "expected every class on both sides"


def split_by_cutout(labels, groups, seed):
    rng = np.random.default_rng(seed)
    cutouts, first = np.unique(groups, return_index=True)
    cutouts = cutouts[np.lexsort((rng.random(len(cutouts)), labels[first]))]
    held_out = np.isin(groups, cutouts[-(len(cutouts) // 4) :])
    return np.flatnonzero(~held_out), np.flatnonzero(held_out)
