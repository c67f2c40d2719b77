"""Compares with np.allclose, which forgives what training did with a low rate."""

import numpy as np

REPLACES = "what-moved"
MUST_FAIL = ("test-what-moved",)
HINT = "np.allclose forgives small differences"


def what_moved(before, after):
    moved = {"weights": [], "statistics": []}
    for old, new in zip(before.layers, after.layers, strict=True):
        for one, other in zip(old.weights, new.weights, strict=True):
            kind = "statistics" if one.name.startswith("moving_") else "weights"
            if not np.allclose(one.numpy(), other.numpy()) and new.name not in moved[kind]:
                moved[kind].append(new.name)
    return moved
