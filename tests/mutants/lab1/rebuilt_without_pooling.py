"""Flattens the feature map instead of pooling it."""

import keras

from course_utils.models import load_base

REPLACES = "rebuild"
MUST_FAIL = ("test-rebuild",)


def rebuild(name, input_shape, pooling):
    base = load_base(name, input_shape=input_shape)
    return keras.Model(base.inputs, keras.layers.Flatten()(base.output))
