"""Sets the layers' flags and leaves the base's own flag at False, which wins."""

import keras

REPLACES = "second-stage"
MUST_FAIL = ("test-second-stage",)
MAY_FAIL = ("test-hand-in",)


def second_stage(model):
    base = next(layer for layer in model.layers if isinstance(layer, keras.Model))
    free = False
    for layer in base.layers:
        free = free or layer.name == "block7a_expand"
        layer.trainable = free and not isinstance(layer, keras.layers.BatchNormalization)
    model.compile(keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
