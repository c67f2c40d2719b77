"""Frees the block and leaves everything else as it came: fine-tuning that fine-tunes all."""

import keras

REPLACES = "train-only"
MUST_FAIL = ("test-train-only",)
MARKS = 0.0


def train_only(base, block):
    for layer in base.layers:
        if layer.name.startswith(block + "_"):
            layer.trainable = True
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
    return base
