"""Sets the flags of a clone, to leave the base alone, and a clone begins with random weights."""

import keras

REPLACES = "train-only"
MUST_FAIL = ("test-train-only",)
HINT = "hold other weights than the base's"
MARKS = 0.0


def train_only(base, block):
    copy = keras.models.clone_model(base)
    copy.trainable = True
    for layer in copy.layers:
        inside = layer.name.startswith(f"{block}_")
        layer.trainable = inside and not isinstance(layer, keras.layers.BatchNormalization)
    return copy
