"""Stacks all layers but the last in a Sequential, which loses the shortcuts between them and cannot be built."""

import keras

REPLACES = "penultimate"
MUST_FAIL = ("test-penultimate",)
HINT = "The parts of the model do not fit together"


def penultimate(classifier):
    return keras.Sequential(classifier.layers[:-1])
