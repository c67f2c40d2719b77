"""Compiles the model and returns it without a fit."""

import keras

REPLACES = "train"
MUST_FAIL = ("test-train",)
HINT = "has the head it came with"
MARKS = 0.0


def train(model, images, labels):
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    return model
