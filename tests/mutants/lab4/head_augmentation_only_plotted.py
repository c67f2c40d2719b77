"""Builds augmentation and shows its images, but never wires it in."""

import keras

REPLACES = "head-first"
MUST_FAIL = ("test-head-first",)
HINT = "as they are"
MARKS = 8


def head_first(base, augmentation, classes):
    base.trainable = False
    inputs = keras.Input(base.input_shape[1:])
    x = base(inputs)
    x = keras.layers.GlobalAveragePooling2D()(x)
    model = keras.Model(inputs, keras.layers.Dense(classes, activation="softmax", name="head")(x))
    model.compile(keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy")
    return model
