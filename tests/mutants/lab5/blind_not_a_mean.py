"""Gives one number per image and forgets the mean."""

import numpy as np

REPLACES = "blind-score"
MUST_FAIL = ("test-blind-score",)
HINT = "Is a mean or a sum missing?"
MARKS = 0


def blind_score(one_hot):
    return (np.zeros_like(one_hot) == one_hot).mean(axis=1)
