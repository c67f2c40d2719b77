"""Returns a frozen copy and leaves the base as it was."""

import keras

REPLACES = "freeze-all"


def freeze_all(base):
    copy = keras.models.clone_model(base)
    copy.set_weights(base.get_weights())
    copy.trainable = False
    return copy
