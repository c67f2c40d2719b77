"""Puts the preparation into the model as well, so that pictures are prepared twice."""

import keras

from course_utils.models import load_base

REPLACES = "build-extractor"
MUST_FAIL = ("test-build-extractor",)
HINT = "prepares the picture by itself"


def build_extractor(size, cut):
    pictures = keras.Input((size, size, 3))
    prepared = keras.applications.vgg16.preprocess_input(pictures)
    return keras.Model(pictures, load_base("vgg16", input_shape=(size, size, 3), cut=cut, pooling="avg")(prepared))
