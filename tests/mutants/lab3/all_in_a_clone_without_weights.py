"""Sets the flags of a clone, to leave the base alone, and a clone begins with random weights."""

import keras

REPLACES = "freeze-all"
MUST_FAIL = ("test-freeze-all",)
HINT = "hold other weights than the base's"
MARKS = 0.0


def freeze_all(base):
    copy = keras.models.clone_model(base)
    copy.trainable = False
    return copy
