"""Never freezes the base, so the new head's first gradients run through it."""

import keras

REPLACES = "head-first"
MUST_FAIL = ("test-head-first",)
HINT = "of the base had moved"
MARKS = 6.5


def head_first(base, augmentation, classes):
    inputs = keras.Input(base.input_shape[1:])
    x = base(augmentation(inputs))
    x = keras.layers.GlobalAveragePooling2D()(x)
    model = keras.Model(inputs, keras.layers.Dense(classes, activation="softmax", name="head")(x))
    model.compile(keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy")
    return model
