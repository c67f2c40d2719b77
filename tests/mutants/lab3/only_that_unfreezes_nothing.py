"""Freezes the base first and then sets flags inside it: nothing is trainable at all."""

import keras

REPLACES = "train-only"
MUST_FAIL = ("test-train-only",)
HINT = "base.trainable is still False"
MARKS = 0.0


def train_only(base, block):
    base.trainable = False
    for layer in base.layers:
        if layer.name.startswith(block + "_") and not isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = True
    return base
