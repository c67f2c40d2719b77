"""Looks at the first array of each layer and nothing else."""

import numpy as np

REPLACES = "moved-layers"
MUST_FAIL = ("test-moved-layers",)
HINT = "which moved in its bias alone"


def moved_layers(before, after):
    return [name for name in before if before[name] and not np.array_equal(before[name][0], after[name][0])]
