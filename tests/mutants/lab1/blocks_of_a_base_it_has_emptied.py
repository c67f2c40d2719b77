"""Empties the base that it is given, and then truthfully says that nothing is in there."""

import keras

REPLACES = "parameters-by-block"
MUST_FAIL = ("test-parameters-by-block",)
MARKS = 0


def parameters_by_block(base):
    nothing = keras.Input((4,))
    empty = keras.Model(nothing, nothing)
    vars(base).clear()
    vars(base).update(vars(empty))
    return {}
