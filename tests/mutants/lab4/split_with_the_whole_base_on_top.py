"""Returns the whole base for the top."""

import keras

REPLACES = "split-at"
MUST_FAIL = ("test-split-at",)
MARKS = 5.25


def split_at(base, first):
    return keras.Model(base.input, base.get_layer(first).input), base
