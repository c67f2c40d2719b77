"""Cuts after the layer that was named, in the middle of a shortcut."""

import keras

REPLACES = "split-at"
MUST_FAIL = ("test-split-at",)
HINT = "must meet before it"
MARKS = 0


def split_at(base, first):
    border = base.get_layer(first).output
    return keras.Model(base.input, border), keras.Model(border, base.output)
