"""Stops one layer too early: the layer that was named stays trainable."""

import keras

REPLACES = "freeze-up-to"
MUST_FAIL = ("test-freeze-up-to",)
MARKS = 0.0


def freeze_up_to(base, name):
    base.trainable = True
    for layer in base.layers:
        if layer.name == name:
            break
        layer.trainable = False
    for layer in base.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
    return base
