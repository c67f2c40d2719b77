"""Takes the maxima over the map instead of the averages."""

import keras

REPLACES = "head-first"
MUST_FAIL = ("test-head-first",)
MARKS = 6.5


def head_first(base, augmentation, classes):
    base.trainable = False
    inputs = keras.Input(base.input_shape[1:])
    x = base(augmentation(inputs))
    x = keras.layers.GlobalMaxPooling2D()(x)
    model = keras.Model(inputs, keras.layers.Dense(classes, activation="softmax", name="head")(x))
    model.compile(keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy")
    return model
