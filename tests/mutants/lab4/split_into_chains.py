"""Stacks the layers above the border one on another, which loses the shortcuts."""

import keras

REPLACES = "split-at"
MUST_FAIL = ("test-split-at",)
HINT = "The parts of the model do not fit together"


def split_at(base, first):
    border = base.get_layer(first).input
    start = base.layers.index(base.get_layer(first))
    return keras.Model(base.input, border), keras.Sequential([keras.Input(border.shape[1:]), *base.layers[start:]])
