"""Feeds the pixels to the base as they are."""

import keras

REPLACES = "build-model"
MUST_FAIL = ("test-build-model",)
HINT = "The images are not preprocessed"


def build_model(base, classes):
    base.trainable = False
    return keras.Sequential(
        [
            keras.Input(base.input_shape[1:]),
            keras.layers.RandomFlip("horizontal"),
            keras.layers.RandomRotation(0.05),
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )
