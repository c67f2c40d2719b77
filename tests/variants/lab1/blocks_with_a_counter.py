"""Adds up the sizes of all weights in a Counter."""

from collections import Counter

import numpy as np

REPLACES = "parameters-by-block"


def parameters_by_block(base):
    counts = Counter()
    for layer in base.layers:
        block, _, _ = layer.name.partition("_")
        counts[block] += sum(np.prod(weight.shape) for weight in layer.weights)
    return counts
