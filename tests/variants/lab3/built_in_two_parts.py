"""Nests the preparation and the base in one model, and that in another."""

import keras

REPLACES = "build-model"


def build_model(base, classes):
    images = keras.Input((96, 96, 3))
    features = keras.Model(images, base(images / 127.5 - 1.0), name="features")
    features.trainable = False
    return keras.Sequential(
        [
            keras.Input((96, 96, 3)),
            keras.layers.RandomRotation(0.1),
            features,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )
