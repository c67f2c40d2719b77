"""Divides the pixels by 255, as many programs do, for a base that was trained on -1 to 1."""

import keras

REPLACES = "build-model"
MUST_FAIL = ("test-build-model",)
HINT = "divided by 255"
MARKS = 16.0


def build_model(base, classes):
    base.trainable = False
    return keras.Sequential(
        [
            keras.Input(base.input_shape[1:]),
            keras.layers.RandomFlip("horizontal"),
            keras.layers.RandomRotation(0.05),
            keras.layers.Rescaling(1 / 255),
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )
