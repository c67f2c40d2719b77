"""Clones the classifier and forgets that a clone starts from random weights."""

import keras

REPLACES = "penultimate"
MUST_FAIL = ("test-penultimate",)


def penultimate(classifier):
    copy = keras.models.clone_model(classifier)
    return keras.Model(copy.inputs, copy.layers[-1].input)
