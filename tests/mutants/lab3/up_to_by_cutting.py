"""Cuts the base at the layer instead of freezing up to it."""

import keras

REPLACES = "freeze-up-to"
MUST_FAIL = ("test-freeze-up-to",)
HINT = "expected the base that you were given"
MARKS = 0.0


def freeze_up_to(base, name):
    part = keras.Model(base.inputs, base.get_layer(name).output)
    part.trainable = False
    return part
