"""Shuffles images, so that views of one object lie on both sides."""

import numpy as np

REPLACES = "split-by-object"
MUST_FAIL = ("test-split-by-object",)
MAY_FAIL = ("test-hand-in",)
HINT = "on both sides"


def split_by_object(labels, groups, seed):
    order = np.random.default_rng(seed).permutation(len(labels))
    quarter = len(labels) // 4
    return order[quarter:], order[:quarter]
