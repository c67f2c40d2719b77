"""Takes Dropout and noise on the pixels for augmentation."""

import keras

REPLACES = "build-model"
MUST_FAIL = ("test-build-model",)
HINT = "Dropout and noise change single numbers"
MARKS = 14.0


def build_model(base, classes):
    base.trainable = False
    return keras.Sequential(
        [
            keras.Input(base.input_shape[1:]),
            keras.layers.Rescaling(1 / 127.5, offset=-1),
            keras.layers.SpatialDropout2D(0.1),
            keras.layers.Dropout(0.1),
            keras.layers.GaussianNoise(0.1),
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )
