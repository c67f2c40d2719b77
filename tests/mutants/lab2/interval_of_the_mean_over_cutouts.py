"""Averages each cut-out first, so that small ones count as much as large ones."""

import numpy as np

REPLACES = "interval"
MUST_FAIL = ("test-interval",)
HINT = "This is the mean over objects"


def accuracy_with_interval(probabilities, labels, groups, level):
    correct = probabilities.argmax(axis=1) == labels
    shares = np.array([correct[groups == group].mean() for group in np.unique(groups)])
    rng = np.random.default_rng(0)
    drawn = [rng.choice(shares, size=len(shares)).mean() for _ in range(2000)]
    return shares.mean(), *np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
