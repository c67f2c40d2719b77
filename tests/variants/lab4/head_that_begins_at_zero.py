"""Begins with a head of zeros, which gives every class the same probability."""

import keras

REPLACES = "head-first"


def head_first(base, augmentation, classes):
    base.trainable = False
    model = keras.Sequential(
        [
            keras.Input(base.input_shape[1:]),
            augmentation,
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(classes, activation="softmax", kernel_initializer="zeros", name="head", dtype="float32"),
        ]
    )
    model.compile(keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy")
    return model
