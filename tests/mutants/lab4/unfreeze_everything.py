"""Unfreezes the whole base but for BatchNorm, whatever first says."""

import keras

REPLACES = "unfreeze-from"
MUST_FAIL = ("test-unfreeze-from",)
MAY_FAIL = ("test-fine-tune",)
HINT = "can be trained"


def unfreeze_from(base, first):
    base.trainable = True
    for layer in base.layers:
        layer.trainable = not isinstance(layer, keras.layers.BatchNormalization)
    return base
