"""Freezes all but BatchNorm, whose weights and statistics then move."""

import keras

REPLACES = "build-model"
MUST_FAIL = ("test-build-model",)
HINT = "They are BatchNorm layers, all of them"
MARKS = 16.0


def build_model(base, classes):
    for layer in base.layers:
        layer.trainable = isinstance(layer, keras.layers.BatchNormalization)
    return keras.Sequential(
        [
            keras.Input(base.input_shape[1:]),
            keras.layers.RandomFlip("horizontal"),
            keras.layers.RandomRotation(0.05),
            keras.layers.Rescaling(1 / 127.5, offset=-1),
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )
