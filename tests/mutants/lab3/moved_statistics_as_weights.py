"""Counts BatchNorm's statistics among the trained weights."""

import numpy as np

REPLACES = "what-moved"
MUST_FAIL = ("test-what-moved",)
HINT = "moving_mean and moving_variance are statistics"
MARKS = 9.0


def what_moved(before, after):
    moved = [
        new.name
        for old, new in zip(before.layers, after.layers, strict=True)
        if any(not np.array_equal(a.numpy(), b.numpy()) for a, b in zip(old.weights, new.weights, strict=True))
    ]
    return {"weights": moved, "statistics": []}
