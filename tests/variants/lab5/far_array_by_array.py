"""Adds up squares array by array."""

import numpy as np

REPLACES = "how-far"


def how_far(before, after):
    change = length = 0.0
    for old, new in zip(before, after, strict=True):
        change += np.sum((np.asarray(new) - np.asarray(old)) ** 2)
        length += np.sum(np.square(old))
    return np.sqrt(change / length)
