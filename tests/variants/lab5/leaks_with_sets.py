"""Counts in plain Python and returns an array."""

import numpy as np

REPLACES = "leaks"


def leaks(train, test, groups):
    images, shown = set(train.tolist()), {groups[place] for place in train}
    return np.array([sum(t in images for t in test.tolist()), sum(groups[t] in shown for t in test)])
