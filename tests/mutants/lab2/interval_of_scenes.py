"""Draws scenes instead of cut-outs, so that the interval is far too narrow."""

import numpy as np

REPLACES = "interval"
MUST_FAIL = ("test-interval",)
HINT = "know nothing of each other"


def accuracy_with_interval(probabilities, labels, groups, level):
    correct = probabilities.argmax(axis=1) == labels
    rng = np.random.default_rng(0)
    drawn = [correct[rng.integers(len(correct), size=len(correct))].mean() for _ in range(2000)]
    return correct.mean(), *np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
