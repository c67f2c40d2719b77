"""Leaves the new head's activation out."""

import keras

REPLACES = "swap-head"
MUST_FAIL = ("test-swap-head",)
HINT = "End with a softmax"
MARKS = 3.5


def swap_head(classifier, classes):
    head = keras.layers.Dense(classes, name="new_head")
    return keras.Model(classifier.inputs, head(classifier.layers[-1].input))
