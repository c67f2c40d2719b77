"""Nests the augmentation, adds a Dropout and calls the base with training=False."""

import keras

REPLACES = "with-augmentation"


def with_augmentation(base, classes):
    shape = base.input_shape[1:]
    augment = keras.Sequential([keras.Input(shape), keras.layers.RandomTranslation(0.2, 0.2)], name="augment")
    inputs = keras.Input(shape)
    base.trainable = False
    maps = base(augment(inputs), training=False)
    vector = keras.layers.Dropout(0.2)(keras.layers.Flatten()(keras.layers.GlobalMaxPooling2D()(maps)))
    return keras.Model(inputs, keras.layers.Dense(classes, activation="softmax", name="answers")(vector))
