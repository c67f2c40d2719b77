"""Shuffles anew for each side, and checks with an assert that cannot fail."""

import numpy as np

REPLACES = "honest-split"
MUST_FAIL = ("test-honest-split",)
HINT = "Shuffle once, then cut."
MARKS = 0


def honest_split(groups, share, seed):
    rng = np.random.default_rng(seed)
    number = round(share * len(groups))
    test = rng.permutation(len(groups))[:number]
    train = rng.permutation(len(groups))[number:]
    checked = (not set(train) & set(test), "training and test share images")
    assert checked
    return train, test
