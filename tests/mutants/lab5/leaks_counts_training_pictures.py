"""Asks about the training images instead of the test images."""

import numpy as np

REPLACES = "leaks"
MUST_FAIL = ("test-leaks",)


def leaks(train, test, groups):
    return int(np.isin(train, test).sum()), int(np.isin(groups[train], groups[test]).sum())
