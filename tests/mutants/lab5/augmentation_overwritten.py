"""Calls the layers and then goes on from the images as they were."""

import keras

REPLACES = "with-augmentation"
MUST_FAIL = ("test-with-augmentation",)
MARKS = 1.0


def with_augmentation(base, classes):
    inputs = keras.Input(base.input_shape[1:])
    augmented = keras.layers.RandomFlip("horizontal")(inputs)  # noqa: F841
    maps = base(inputs)
    vector = keras.layers.GlobalAveragePooling2D()(maps)
    return keras.Model(inputs, keras.layers.Dense(classes, activation="softmax")(vector))
