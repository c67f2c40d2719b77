"""Builds a functional model with nested augmentation, Flatten, Dropout and a hidden layer."""

import keras

REPLACES = "build-model"


def build_model(base, classes):
    base.trainable = False
    augment = keras.Sequential(
        [keras.layers.RandomFlip("horizontal"), keras.layers.RandomZoom(0.2), keras.layers.RandomContrast(0.2)]
    )
    images = keras.Input((96, 96, 3), dtype="uint8")
    tensor = keras.layers.Rescaling(2 / 255, offset=-1)(augment(images))
    tensor = keras.layers.Flatten()(base(tensor, training=False))
    tensor = keras.layers.Dense(32, activation="relu")(keras.layers.Dropout(0.3)(tensor))
    return keras.Model(images, keras.layers.Dense(classes, activation="softmax")(tensor))
