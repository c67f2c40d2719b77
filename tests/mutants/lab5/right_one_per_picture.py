"""Leaves the mean to somebody else."""

import keras

REPLACES = "share-right"
MUST_FAIL = ("test-share-right",)
HINT = "Is a mean or a sum missing?"


def share_right(probabilities, one_hot):
    return keras.metrics.categorical_accuracy(one_hot, probabilities)
