"""Averages the map in a Lambda, which learns all the same and cannot be handed in."""

import keras

REPLACES = "head-first"
MUST_FAIL = ("test-head-first",)
HINT = "A 'Lambda' cannot be handed over"
MARKS = 0.0


def head_first(base, augmentation, classes):
    base.trainable = False
    inputs = keras.Input(base.input_shape[1:])
    maps = base(augmentation(inputs))
    vector = keras.layers.Lambda(lambda x: keras.ops.mean(x, axis=(1, 2)))(maps)
    model = keras.Model(inputs, keras.layers.Dense(classes, activation="softmax", name="head")(vector))
    model.compile(keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy")
    return model
