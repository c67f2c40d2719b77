"""Turns the pretrained weights off, because the size is not the one of training."""

from course_utils.models import load_base

REPLACES = "build-extractor"
MUST_FAIL = ("test-build-extractor",)
HINT = "does the base have its pretrained weights?"


def build_extractor(size, cut):
    return load_base("vgg16", weights=None, input_shape=(size, size, 3), cut=cut, pooling="avg")
