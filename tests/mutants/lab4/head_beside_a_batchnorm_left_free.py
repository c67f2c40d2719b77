"""Freezes the base except for its BatchNorm layers."""

import keras

REPLACES = "head-first"
MUST_FAIL = ("test-head-first",)
HINT = "had moved"


def head_first(base, augmentation, classes):
    base.trainable = True
    for layer in base.layers:
        layer.trainable = isinstance(layer, keras.layers.BatchNormalization)
    inputs = keras.Input(base.input_shape[1:])
    x = keras.layers.GlobalAveragePooling2D()(base(augmentation(inputs)))
    model = keras.Model(inputs, keras.layers.Dense(classes, activation="softmax", name="head")(x))
    model.compile(keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy")
    return model
