"""Pops the old head off a list, as the program does."""

import keras

REPLACES = "swap-head"
MUST_FAIL = ("test-swap-head",)
HINT = "The old head is still in its place."
MARKS = 1.5


def swap_head(classifier, classes):
    classifier.layers.pop()
    head = keras.layers.Dense(classes, activation="softmax", name="new_head")
    return keras.Model(classifier.inputs, head(classifier.layers[-1].output))
