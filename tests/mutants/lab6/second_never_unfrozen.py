"""Compiles with a low rate and unfreezes nothing: fine-tuning in name only."""

import keras

REPLACES = "second-stage"
MUST_FAIL = ("test-second-stage",)
MAY_FAIL = ("test-hand-in",)
HINT = "cannot be trained and should"


def second_stage(model):
    model.compile(keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
