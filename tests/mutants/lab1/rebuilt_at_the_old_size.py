"""Forgets to hand the new input size on."""

import keras

from course_utils.models import load_base

REPLACES = "rebuild"
MUST_FAIL = ("test-rebuild",)


def rebuild(name, input_shape, pooling):
    base = load_base(name)
    average = keras.layers.GlobalAveragePooling2D()(base.output)
    maximum = keras.layers.GlobalMaxPooling2D()(base.output)
    vectors = {"avg": average, "max": maximum, "both": keras.layers.Concatenate()([average, maximum])}
    return keras.Model(base.inputs, vectors[pooling])
