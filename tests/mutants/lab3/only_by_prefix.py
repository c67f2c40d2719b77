"""Takes every layer whose name begins with the block's, so block_10 to block_13 count as block_1."""

import keras

REPLACES = "train-only"
MUST_FAIL = ("test-train-only",)
HINT = "block_10_"
MARKS = 6.5


def train_only(base, block):
    base.trainable = True
    for layer in base.layers:
        norm = isinstance(layer, keras.layers.BatchNormalization)
        layer.trainable = layer.name.startswith(block) and not norm
    return base
