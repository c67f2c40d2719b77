"""Shuffles scenes, so that most cut-outs are on both sides."""

import numpy as np

REPLACES = "split"
MUST_FAIL = ("test-split",)
HINT = "have images on both sides"
MARKS = 2.4


def split_by_cutout(labels, groups, seed):
    order = np.random.default_rng(seed).permutation(len(labels))
    quarter = len(labels) // 4
    return order[quarter:], order[:quarter]
