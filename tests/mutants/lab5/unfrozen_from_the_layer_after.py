"""Begins one layer too late."""

import keras

REPLACES = "unfreeze-from"
MUST_FAIL = ("test-unfreeze-from",)
MARKS = 3.5


def unfreeze_from(model, first):
    base = model.get_layer("base")
    base.trainable, reached = True, False
    for layer in base.layers:
        layer.trainable = reached and not isinstance(layer, keras.layers.BatchNormalization)
        reached = reached or layer.name == first
    return model
