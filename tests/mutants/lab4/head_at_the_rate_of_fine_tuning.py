"""Gives the new head the tiny rate that belongs to the second stage."""

import keras

REPLACES = "head-first"
MUST_FAIL = ("test-head-first",)
HINT = "for a head that is new"
MARKS = 9


def head_first(base, augmentation, classes):
    base.trainable = False
    inputs = keras.Input(base.input_shape[1:])
    x = base(augmentation(inputs))
    x = keras.layers.GlobalAveragePooling2D()(x)
    model = keras.Model(inputs, keras.layers.Dense(classes, activation="softmax", name="head")(x))
    model.compile(keras.optimizers.Adam(1e-5), loss="sparse_categorical_crossentropy")
    return model
