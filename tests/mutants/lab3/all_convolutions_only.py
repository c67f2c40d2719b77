"""Freezes what is a Conv2D, and so neither depthwise convolutions nor BatchNorm."""

import keras

REPLACES = "freeze-all"
MUST_FAIL = ("test-freeze-all",)
HINT = "expected nothing to be"
MARKS = 2.0


def freeze_all(base):
    for layer in base.layers:
        if isinstance(layer, keras.layers.Conv2D):
            layer.trainable = False
    return base
