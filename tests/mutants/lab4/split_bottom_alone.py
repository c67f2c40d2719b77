"""Returns only the bottom."""

import keras

REPLACES = "split-at"
MUST_FAIL = ("test-split-at",)
HINT = "expected two things"
MARKS = 0


def split_at(base, first):
    return keras.Model(base.input, base.get_layer(first).input)
