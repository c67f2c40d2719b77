"""Finds the layer's position first, freezes below it, and BatchNorm in a second loop."""

import keras

REPLACES = "unfreeze-from"


def unfreeze_from(base, first):
    start = [layer.name for layer in base.layers].index(first)
    base.trainable = True
    for layer in base.layers[:start]:
        layer.trainable = False
    for layer in base.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
    return base
