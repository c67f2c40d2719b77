"""Ends the bottom with the layer that the top begins with."""

import keras

REPLACES = "split-at"
MUST_FAIL = ("test-split-at",)
HINT = "one layer too far"


def split_at(base, first):
    border = base.get_layer(first).output
    return keras.Model(base.input, border), keras.Model(border, base.output)
