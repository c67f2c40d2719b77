"""Learns faster in the second stage than in the first."""

import keras

REPLACES = "second-stage"
MUST_FAIL = ("test-second-stage",)
MAY_FAIL = ("test-hand-in",)
HINT = "already good"


def second_stage(model):
    base = next(layer for layer in model.layers if isinstance(layer, keras.Model))
    base.trainable = True
    free = False
    for layer in base.layers:
        free = free or layer.name == "block7a_expand"
        layer.trainable = free and not isinstance(layer, keras.layers.BatchNormalization)
    model.compile(keras.optimizers.Adam(2e-2), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
