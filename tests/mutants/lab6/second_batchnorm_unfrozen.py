"""Frees BatchNorm with everything else."""

import keras

REPLACES = "second-stage"
MUST_FAIL = ("test-second-stage",)
MAY_FAIL = ("test-hand-in",)
HINT = "BatchNorm"


def second_stage(model):
    base = next(layer for layer in model.layers if isinstance(layer, keras.Model))
    base.trainable = True
    free = False
    for layer in base.layers:
        free = free or layer.name == "block7a_expand"
        layer.trainable = free
    model.compile(keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
