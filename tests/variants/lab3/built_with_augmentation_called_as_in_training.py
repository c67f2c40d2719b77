"""Calls the augmentation with training=True, which predict overrules as fit does."""

import keras

REPLACES = "build-model"


def build_model(base, classes):
    base.trainable = False
    augment = keras.Sequential([keras.layers.RandomFlip("horizontal"), keras.layers.RandomRotation(0.05)])
    images = keras.Input(base.input_shape[1:])
    tensor = augment(images, training=True)
    tensor = base(keras.layers.Rescaling(1 / 127.5, offset=-1)(tensor))
    tensor = keras.layers.GlobalAveragePooling2D()(tensor)
    return keras.Model(images, keras.layers.Dense(classes, activation="softmax")(tensor))
