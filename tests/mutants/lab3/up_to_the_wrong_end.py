"""Freezes what comes after the layer, and trains what comes before it."""

import keras

REPLACES = "freeze-up-to"
MUST_FAIL = ("test-freeze-up-to",)
MARKS = 0.0


def freeze_up_to(base, name):
    base.trainable = True
    passed = False
    for layer in base.layers:
        layer.trainable = not passed and not isinstance(layer, keras.layers.BatchNormalization)
        passed = passed or layer.name == name
    return base
