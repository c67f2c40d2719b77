"""Cuts off a validation part and hands that out as the test part, so images are lost."""

import numpy as np

REPLACES = "honest-split"
MUST_FAIL = ("test-honest-split",)
HINT = "on neither"
MARKS = 3.75


def honest_split(groups, share, seed):
    objects = np.random.default_rng(seed).permutation(np.unique(groups))
    number = round(share * len(objects))
    validation, held_back = objects[:number], objects[number : 2 * number]
    train = ~np.isin(groups, validation) & ~np.isin(groups, held_back)
    return np.flatnonzero(train), np.flatnonzero(np.isin(groups, validation))
