"""Forgets to divide by the length before."""

import numpy as np

REPLACES = "how-far"
MUST_FAIL = ("test-how-far",)
HINT = "This is the distance itself"
MARKS = 1.0


def how_far(before, after):
    return float(np.sqrt(sum(((b - a) ** 2).sum() for a, b in zip(before, after, strict=True))))
