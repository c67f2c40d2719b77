"""Freezes in a loop over the finished model, which has the new head in it."""

import keras

REPLACES = "build-model"
MUST_FAIL = ("test-build-model",)
HINT = "Nothing at all is trainable in your model, the head included"
MARKS = 16.0


def build_model(base, classes):
    base.trainable = False
    model = keras.Sequential(
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
    for layer in model.layers:
        layer.trainable = False
    return model
