"""Flattens the map in place of averaging it."""

import keras

from course_utils.models import load_base

REPLACES = "build-extractor"
MUST_FAIL = ("test-build-extractor",)


def build_extractor(size, cut):
    return keras.Sequential([load_base("vgg16", input_shape=(size, size, 3), cut=cut), keras.layers.Flatten()])
