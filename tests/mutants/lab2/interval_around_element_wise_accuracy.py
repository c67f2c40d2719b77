"""Compares number by number with one-hot labels, and most of those are zeros anyway."""

import numpy as np

REPLACES = "interval"
MUST_FAIL = ("test-interval",)
HINT = "number by number"


def accuracy_with_interval(probabilities, labels, groups, level):
    correct = (probabilities.round() == np.eye(probabilities.shape[1])[labels]).mean(axis=1)
    cutouts, number = np.unique(groups, return_inverse=True)
    right, size = np.bincount(number, weights=correct), np.bincount(number)
    rng = np.random.default_rng(0)
    drawn = []
    for _ in range(2000):
        chosen = rng.integers(len(cutouts), size=len(cutouts))
        drawn.append(right[chosen].sum() / size[chosen].sum())
    return correct.mean(), *np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
