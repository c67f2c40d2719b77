"""Compares with np.allclose, which forgives small steps."""

import numpy as np

REPLACES = "moved-layers"
MUST_FAIL = ("test-moved-layers",)
HINT = "which moved by the last bit of one number"
MARKS = 1.5


def moved_layers(before, after):
    return [n for n in before if not all(np.allclose(a, b) for a, b in zip(before[n], after[n], strict=True))]
