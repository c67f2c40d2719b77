"""Looks the layer's position up, and slices the list of layers."""

import keras

REPLACES = "freeze-up-to"


def freeze_up_to(base, name):
    base.trainable = True
    end = [layer.name for layer in base.layers].index(name) + 1
    norms = [layer for layer in base.layers if isinstance(layer, keras.layers.BatchNormalization)]
    for layer in base.layers[:end] + norms:
        layer.trainable = False
    return base
