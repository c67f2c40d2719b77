"""Compares the first weight of each layer: no bias, no beta, no statistics."""

import numpy as np

REPLACES = "what-moved"
MUST_FAIL = ("test-what-moved",)
MARKS = 6.0


def what_moved(before, after):
    moved = [
        new.name
        for old, new in zip(before.layers, after.layers, strict=True)
        if new.weights and not np.array_equal(old.weights[0].numpy(), new.weights[0].numpy())
    ]
    return {"weights": moved, "statistics": []}
