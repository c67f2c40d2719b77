"""Augments what comes out of the base."""

import keras

REPLACES = "with-augmentation"
MUST_FAIL = ("test-with-augmentation",)
HINT = "It changes feature maps there, not images."
MARKS = 2.0


def with_augmentation(base, classes):
    inputs = keras.Input(base.input_shape[1:])
    maps = keras.layers.RandomTranslation(0.4, 0.4)(base(inputs))
    vector = keras.layers.GlobalAveragePooling2D()(maps)
    return keras.Model(inputs, keras.layers.Dense(classes, activation="softmax")(vector))
