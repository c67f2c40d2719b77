"""Leaves the softmax out and compiles with a loss that takes probabilities."""

import keras

REPLACES = "head-first"
MUST_FAIL = ("test-head-first",)


def head_first(base, augmentation, classes):
    base.trainable = False
    inputs = keras.Input(base.input_shape[1:])
    x = keras.layers.GlobalAveragePooling2D()(base(augmentation(inputs)))
    model = keras.Model(inputs, keras.layers.Dense(classes, name="head")(x))
    model.compile(keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy")
    return model
