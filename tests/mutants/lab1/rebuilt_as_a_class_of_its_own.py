"""Subclasses keras.Model, which gives the right vectors and cannot be handed in."""

import keras
import numpy as np

from course_utils.models import load_base

REPLACES = "rebuild"
MUST_FAIL = ("test-rebuild",)
HINT = "A model of class 'Pooled' cannot be handed over"
MARKS = 0.0


class Pooled(keras.Model):
    def __init__(self, base, pooling):
        super().__init__()
        self.base, self.pooling = base, pooling

    def call(self, images):
        maps = self.base(images)
        average, maximum = keras.ops.mean(maps, axis=(1, 2)), keras.ops.max(maps, axis=(1, 2))
        both = {"avg": [average], "max": [maximum], "both": [average, maximum]}[self.pooling]
        return keras.ops.concatenate(both, axis=-1)


def rebuild(name, input_shape, pooling):
    model = Pooled(load_base(name, input_shape=input_shape), pooling)
    model(np.zeros((1, *input_shape), "float32"))
    return model
