"""Shuffles once and shares no image, but nearly every object."""

import numpy as np

REPLACES = "honest-split"
MUST_FAIL = ("test-honest-split",)
HINT = "Choose among the objects"
MARKS = 1.25


def honest_split(groups, share, seed):
    order = np.random.default_rng(seed).permutation(len(groups))
    number = round(share * len(groups))
    return order[number:], order[:number]
