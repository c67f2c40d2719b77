"""Changes brightness after the preparation, with a layer that counts on 0 to 255."""

import keras

REPLACES = "build-model"
MUST_FAIL = ("test-build-model",)
HINT = "augment before preprocessing"
MARKS = 14.0


def build_model(base, classes):
    base.trainable = False
    return keras.Sequential(
        [
            keras.Input(base.input_shape[1:]),
            keras.layers.RandomFlip("horizontal"),
            keras.layers.Rescaling(1 / 127.5, offset=-1),
            keras.layers.RandomBrightness(0.2),
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )
