"""Sets the layers' flags while the base itself stays frozen, so nothing is trainable."""

import keras

REPLACES = "unfreeze-from"
MUST_FAIL = ("test-unfreeze-from",)
MAY_FAIL = ("test-fine-tune",)
HINT = "base.trainable = True comes first"


def unfreeze_from(base, first):
    reached = False
    for layer in base.layers:
        reached = reached or layer.name == first
        layer.trainable = reached and not isinstance(layer, keras.layers.BatchNormalization)
    return base
