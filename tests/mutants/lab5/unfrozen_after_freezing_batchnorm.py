"""Freezes BatchNorm first and then sets the whole base free, which undoes it."""

import keras

REPLACES = "unfreeze-from"
MUST_FAIL = ("test-unfreeze-from",)
HINT = "Set it last"
MARKS = 1.5


def unfreeze_from(model, first):
    base = model.get_layer("base")
    for layer in base.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
    base.trainable = True
    return model
