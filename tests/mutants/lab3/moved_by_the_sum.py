"""Compares sums, which stay the same when numbers change places."""

import numpy as np

REPLACES = "what-moved"
MUST_FAIL = ("test-what-moved",)
HINT = "number by number"
MARKS = 12.0


def what_moved(before, after):
    moved = {"weights": [], "statistics": []}
    for old, new in zip(before.layers, after.layers, strict=True):
        for one, other in zip(old.weights, new.weights, strict=True):
            kind = "statistics" if one.name.startswith("moving_") else "weights"
            sums = [np.sort(weight.numpy().astype("float64"), axis=None).sum() for weight in (one, other)]
            if sums[0] != sums[1] and new.name not in moved[kind]:
                moved[kind].append(new.name)
    return moved
