"""Ends the bottom with the layer that the top begins with, so that layer is in both."""

import keras

REPLACES = "split-at"
MUST_FAIL = ("test-split-at",)
HINT = "one layer too far"


def split_at(base, first):
    layer = base.get_layer(first)
    return keras.Model(base.input, layer.output), keras.Model(layer.input, base.output)
