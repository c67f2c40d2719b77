"""Scales pixels as MobileNetV2 wants them, almost what this base was trained with."""

import keras

from course_utils.models import load_base

REPLACES = "first-stage"
MUST_FAIL = ("test-first-stage",)
MAY_FAIL = ("test-hand-in",)


def first_stage(class_count):
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3))
    base.trainable = False
    inputs = keras.Input((96, 96, 3))
    maps = base(keras.layers.Rescaling(1 / 127.5, offset=-1)(inputs))
    vector = keras.layers.GlobalAveragePooling2D()(maps)
    model = keras.Model(inputs, keras.layers.Dense(class_count, activation="softmax")(vector))
    model.compile(keras.optimizers.Adam(1e-2), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
