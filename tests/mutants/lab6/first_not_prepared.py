"""Feeds pixels from 0 to 255 to the base as they are."""

import keras

from course_utils.models import load_base

REPLACES = "first-stage"
MUST_FAIL = ("test-first-stage",)
MAY_FAIL = ("test-hand-in",)
HINT = "The images are not preprocessed"


def first_stage(class_count):
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3))
    base.trainable = False
    inputs = keras.Input((96, 96, 3))
    maps = base(inputs)
    vector = keras.layers.GlobalAveragePooling2D()(maps)
    model = keras.Model(inputs, keras.layers.Dense(class_count, activation="softmax")(vector))
    model.compile(keras.optimizers.Adam(1e-2), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
