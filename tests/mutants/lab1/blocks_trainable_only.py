"""Counts trainable weights only, so frozen layers and moving statistics disappear."""

import numpy as np

REPLACES = "parameters-by-block"
MUST_FAIL = ("test-parameters-by-block",)
HINT = "look at weights, not at trainable_weights"


def parameters_by_block(base):
    counts = {}
    for layer in base.layers:
        block = layer.name.split("_")[0]
        for weight in layer.trainable_weights:
            counts[block] = counts.get(block, 0) + int(np.prod(weight.shape))
    return counts
