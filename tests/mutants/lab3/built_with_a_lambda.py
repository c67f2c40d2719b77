"""Prepares the images in a Lambda, which cannot be handed over."""

import keras

REPLACES = "build-model"
MUST_FAIL = ("test-build-model",)
HINT = "cannot be handed over"
MARKS = 0.0


def build_model(base, classes):
    base.trainable = False
    return keras.Sequential(
        [
            keras.Input(base.input_shape[1:]),
            keras.layers.RandomFlip("horizontal"),
            keras.layers.RandomRotation(0.05),
            keras.layers.Lambda(lambda x: x / 127.5 - 1),
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )
