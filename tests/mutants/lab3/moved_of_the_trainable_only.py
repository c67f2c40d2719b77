"""Looks at trainable weights only, and so never at a frozen layer that moved."""

import numpy as np

REPLACES = "what-moved"
MUST_FAIL = ("test-what-moved",)
HINT = "frozen layers count as well"


def what_moved(before, after):
    moved = {"weights": [], "statistics": []}
    for old, new in zip(before.layers, after.layers, strict=True):
        for one, other in zip(old.trainable_weights, new.trainable_weights, strict=True):
            if not np.array_equal(one.numpy(), other.numpy()) and new.name not in moved["weights"]:
                moved["weights"].append(new.name)
        for one, other in zip(old.weights, new.weights, strict=True):
            drifted = one.name.startswith("moving_") and not np.array_equal(one.numpy(), other.numpy())
            if drifted and new.name not in moved["statistics"]:
                moved["statistics"].append(new.name)
    return moved
