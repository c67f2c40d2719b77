"""Compiles with Keras's own loss as a function, where its name would do."""

import keras

REPLACES = "head-first"


def head_first(base, augmentation, classes):
    base.trainable = False
    inputs = keras.Input(base.input_shape[1:])
    vector = keras.layers.GlobalAveragePooling2D()(base(augmentation(inputs)))
    model = keras.Model(inputs, keras.layers.Dense(classes, activation="softmax", name="head")(vector))
    model.compile(keras.optimizers.Adamax(1e-3), loss=keras.losses.sparse_categorical_crossentropy)
    return model
