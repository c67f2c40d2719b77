"""Returns the numbers of the cut-outs instead of the positions of their scenes."""

import numpy as np

REPLACES = "split"
MUST_FAIL = ("test-split",)
HINT = "look like the groups' own numbers"


def split_by_cutout(labels, groups, seed):
    cutouts = np.random.default_rng(seed).permutation(np.unique(groups))
    quarter = len(cutouts) // 4
    return cutouts[quarter:], cutouts[:quarter]
