"""Chooses from an array of names with a mask, so that each name is an np.str_."""

import numpy as np

REPLACES = "moved-layers"


def moved_layers(before, after):
    names = np.array(list(before))
    moved = [any((old != new).any() for old, new in zip(before[name], after[name], strict=True)) for name in names]
    return list(names[np.array(moved)])
