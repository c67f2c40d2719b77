"""Clones the classifier and forgets that a clone starts from random weights."""

import keras

REPLACES = "swap-head"
MUST_FAIL = ("test-swap-head",)
HINT = "so that the weights come along"


def swap_head(classifier, classes):
    copy = keras.models.clone_model(classifier)
    head = keras.layers.Dense(classes, activation="softmax", name="new_head")
    return keras.Model(copy.inputs, head(copy.layers[-1].input))
