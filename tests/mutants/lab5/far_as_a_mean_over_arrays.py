"""Averages over the arrays, so a short bias counts as much as a long kernel."""

import numpy as np

REPLACES = "how-far"
MUST_FAIL = ("test-how-far",)
HINT = "This is the mean over the arrays"
MARKS = 1.0


def how_far(before, after):
    return float(np.mean([np.linalg.norm(b - a) / np.linalg.norm(a) for a, b in zip(before, after, strict=True)]))
