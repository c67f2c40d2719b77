"""Counts on six classes, whatever the argument says."""

import keras

REPLACES = "build-model"
MUST_FAIL = ("test-build-model",)
HINT = "classes your model gives"


def build_model(base, classes):
    base.trainable = False
    return keras.Sequential(
        [
            keras.Input(base.input_shape[1:]),
            keras.layers.RandomFlip("horizontal"),
            keras.layers.RandomRotation(0.05),
            keras.layers.Rescaling(1 / 127.5, offset=-1),
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(6, activation="softmax"),
        ]
    )
