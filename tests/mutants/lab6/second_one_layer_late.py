"""Starts at the second layer of the last block."""

import keras

REPLACES = "second-stage"
MUST_FAIL = ("test-second-stage",)
MAY_FAIL = ("test-hand-in",)
HINT = "block7a_expand"


def second_stage(model):
    base = next(layer for layer in model.layers if isinstance(layer, keras.Model))
    base.trainable = True
    free = False
    for layer in base.layers:
        free = free or layer.name == "block7a_depthwise"
        layer.trainable = free and not isinstance(layer, keras.layers.BatchNormalization)
    model.compile(keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
