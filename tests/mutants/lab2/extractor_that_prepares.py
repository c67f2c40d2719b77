"""Puts the preparation into the model as well, so that images are prepared twice."""

import keras

from course_utils.models import load_base

REPLACES = "build-extractor"
MUST_FAIL = ("test-build-extractor",)
HINT = "preprocesses the image by itself"


def build_extractor(size, cut):
    images = keras.Input((size, size, 3))
    prepared = keras.applications.vgg16.preprocess_input(images)
    return keras.Model(images, load_base("vgg16", input_shape=(size, size, 3), cut=cut, pooling="avg")(prepared))
