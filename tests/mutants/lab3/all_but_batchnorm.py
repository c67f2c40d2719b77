"""Spares BatchNorm, trusting that its statistics are none of training's business."""

import keras

REPLACES = "freeze-all"
MUST_FAIL = ("test-freeze-all",)
HINT = "BatchNorm layers, which are to stay frozen"
MARKS = 2.0


def freeze_all(base):
    for layer in base.layers:
        layer.trainable = isinstance(layer, keras.layers.BatchNormalization)
    return base
