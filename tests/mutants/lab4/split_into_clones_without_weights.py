"""Clones the base to be on the safe side, and a clone begins with random weights."""

import keras

REPLACES = "split-at"
MUST_FAIL = ("test-split-at",)
MARKS = 0


def split_at(base, first):
    clone = keras.models.clone_model(base)
    border = clone.get_layer(first).input
    return keras.Model(clone.input, border), keras.Model(border, clone.output)
