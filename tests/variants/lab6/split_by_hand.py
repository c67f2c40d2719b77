"""Draws a quarter of each class's objects with NumPy alone."""

import numpy as np

REPLACES = "split-by-object"


def split_by_object(labels, groups, seed):
    rng = np.random.default_rng(seed)
    chosen = []
    for label in np.unique(labels):
        objects = rng.permutation(np.unique(groups[labels == label]))
        chosen += list(objects[: max(1, round(len(objects) / 4))])
    held_out = np.isin(groups, chosen)
    return np.flatnonzero(~held_out), np.flatnonzero(held_out)
