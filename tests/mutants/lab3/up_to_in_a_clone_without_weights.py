"""Sets the flags of a clone, to leave the base alone, and a clone begins with random weights."""

import keras

REPLACES = "freeze-up-to"
MUST_FAIL = ("test-freeze-up-to",)
HINT = "hold other weights than the base's"
MARKS = 0.0


def freeze_up_to(base, name):
    copy = keras.models.clone_model(base)
    copy.trainable = True
    frozen = True
    for layer in copy.layers:
        layer.trainable = not frozen and not isinstance(layer, keras.layers.BatchNormalization)
        frozen = frozen and layer.name != name
    return copy
