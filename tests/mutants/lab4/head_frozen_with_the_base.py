"""Freezes by a loop over the whole model, the new head included."""

import keras

REPLACES = "head-first"
MUST_FAIL = ("test-head-first",)


def head_first(base, augmentation, classes):
    inputs = keras.Input(base.input_shape[1:])
    x = base(augmentation(inputs))
    x = keras.layers.GlobalAveragePooling2D()(x)
    model = keras.Model(inputs, keras.layers.Dense(classes, activation="softmax", name="head")(x))
    for layer in model.layers:
        layer.trainable = False
    model.compile(keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy")
    return model
