"""Counts the kernels and forgets the biases."""

import numpy as np

REPLACES = "parameters-by-block"
MUST_FAIL = ("test-parameters-by-block",)


def parameters_by_block(base):
    counts = {}
    for layer in base.layers:
        block = layer.name.split("_")[0]
        if layer.weights:
            counts[block] = counts.get(block, 0) + int(np.prod(layer.weights[0].shape))
    return counts
