"""Leaves the base trainable and trusts training=False in the call to hold its BatchNorm."""

import keras

REPLACES = "build-model"
MUST_FAIL = ("test-build-model",)
HINT = "The argument training=False of a call freezes nothing"
MARKS = 16.0


def build_model(base, classes):
    images = keras.Input(base.input_shape[1:])
    tensor = keras.layers.RandomRotation(0.05)(keras.layers.RandomFlip("horizontal")(images))
    tensor = base(keras.layers.Rescaling(1 / 127.5, offset=-1)(tensor), training=False)
    tensor = keras.layers.GlobalAveragePooling2D()(tensor)
    return keras.Model(images, keras.layers.Dense(classes, activation="softmax")(tensor))
