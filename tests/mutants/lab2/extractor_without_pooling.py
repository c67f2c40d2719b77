"""Stops at the map."""

from course_utils.models import load_base

REPLACES = "build-extractor"
MUST_FAIL = ("test-build-extractor",)
HINT = "without any pooling"


def build_extractor(size, cut):
    return load_base("vgg16", input_shape=(size, size, 3), cut=cut)
