"""Clones the base, and with it loses the weights."""

import keras

REPLACES = "with-augmentation"
MUST_FAIL = ("test-with-augmentation",)
HINT = "The base's weights are not in your model"
MARKS = 4.0


def with_augmentation(base, classes):
    return keras.Sequential(
        [
            keras.Input(base.input_shape[1:]),
            keras.layers.RandomFlip("horizontal"),
            keras.layers.RandomRotation(0.2),
            keras.models.clone_model(base),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )
