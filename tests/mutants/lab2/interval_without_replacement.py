"""Shuffles the cut-outs instead of drawing them with replacement: every draw is the same."""

import numpy as np

REPLACES = "interval"
MUST_FAIL = ("test-interval",)
HINT = "draw with replacement"


def accuracy_with_interval(probabilities, labels, groups, level):
    correct = probabilities.argmax(axis=1) == labels
    cutouts = np.unique(groups)
    rng = np.random.default_rng(0)
    drawn = []
    for _ in range(1000):
        chosen = rng.choice(cutouts, size=len(cutouts), replace=False)
        drawn.append(correct[np.isin(groups, chosen)].mean())
    return correct.mean(), *np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
