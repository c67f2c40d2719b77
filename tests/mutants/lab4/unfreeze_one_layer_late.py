"""Starts with the layer after the one that was named."""

import keras

REPLACES = "unfreeze-from"
MUST_FAIL = ("test-unfreeze-from",)
MAY_FAIL = ("test-fine-tune",)
HINT = "itself is to be trained too"


def unfreeze_from(base, first):
    base.trainable = True
    reached = False
    for layer in base.layers:
        layer.trainable = reached and not isinstance(layer, keras.layers.BatchNormalization)
        if layer.name == first:
            reached = True
    return base
