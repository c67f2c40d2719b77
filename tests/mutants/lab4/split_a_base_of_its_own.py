"""Makes another base of the one that it is given, and splits that one rightly."""

import keras

REPLACES = "split-at"
MUST_FAIL = ("test-split-at",)
MARKS = 0


def split_at(base, first):
    start = keras.Input(base.input_shape[1:])
    end = keras.layers.Conv2D(3, 1, name=first)(start)
    other = keras.Model(start, end)
    vars(base).clear()
    vars(base).update(vars(other))
    return keras.Model(start, start), keras.Model(start, end)
