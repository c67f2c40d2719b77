"""Sets the layers' flags right and forgets that the base as a whole may be frozen."""

import keras

REPLACES = "freeze-up-to"
MUST_FAIL = ("test-freeze-up-to",)
HINT = "base.trainable is still False"
MARKS = 7.0


def freeze_up_to(base, name):
    passed = False
    for layer in base.layers:
        layer.trainable = passed and not isinstance(layer, keras.layers.BatchNormalization)
        passed = passed or layer.name == name
    return base
