"""Joins the two vectors in the wrong order."""

import keras

from course_utils.models import load_base

REPLACES = "rebuild"
MUST_FAIL = ("test-rebuild",)
HINT = "The maxima come first; the averages should"


def rebuild(name, input_shape, pooling):
    if pooling != "both":
        return load_base(name, input_shape=input_shape, pooling=pooling)
    base = load_base(name, input_shape=input_shape)
    average = keras.layers.GlobalAveragePooling2D()(base.output)
    maximum = keras.layers.GlobalMaxPooling2D()(base.output)
    return keras.Model(base.inputs, keras.layers.Concatenate()([maximum, average]))
