"""Unfreezes the whole base."""

import keras

REPLACES = "second-stage"
MUST_FAIL = ("test-second-stage",)
MAY_FAIL = ("test-hand-in",)
HINT = "Freeze every layer that comes before"


def second_stage(model):
    base = next(layer for layer in model.layers if isinstance(layer, keras.Model))
    base.trainable = True
    for layer in base.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
    model.compile(keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
