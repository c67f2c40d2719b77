"""Pools in a Lambda, which gives the right vectors and cannot be handed in."""

import keras

from course_utils.models import load_base

REPLACES = "rebuild"
MUST_FAIL = ("test-rebuild",)
HINT = "A 'Lambda' cannot be handed over"
MARKS = 0.0


def rebuild(name, input_shape, pooling):
    base = load_base(name, input_shape=input_shape)
    average = keras.layers.Lambda(lambda maps: keras.ops.mean(maps, axis=(1, 2)))(base.output)
    maximum = keras.layers.Lambda(lambda maps: keras.ops.max(maps, axis=(1, 2)))(base.output)
    both = {"avg": [average], "max": [maximum], "both": [average, maximum]}[pooling]
    return keras.Model(base.input, keras.ops.concatenate(both, axis=-1))
