"""Takes everything that belongs to a BatchNorm layer for statistics, gamma and beta too."""

import keras
import numpy as np

REPLACES = "what-moved"
MUST_FAIL = ("test-what-moved",)
HINT = "gamma and beta are trained weights"
MARKS = 12.0


def what_moved(before, after):
    moved = {"weights": [], "statistics": []}
    for old, new in zip(before.layers, after.layers, strict=True):
        if any(not np.array_equal(a.numpy(), b.numpy()) for a, b in zip(old.weights, new.weights, strict=True)):
            kind = "statistics" if isinstance(new, keras.layers.BatchNormalization) else "weights"
            moved[kind].append(new.name)
    return moved
