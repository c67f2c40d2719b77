"""Takes the largest number of each channel."""

from course_utils.models import load_base

REPLACES = "build-extractor"
MUST_FAIL = ("test-build-extractor",)
HINT = "These are the maxima."


def build_extractor(size, cut):
    return load_base("vgg16", input_shape=(size, size, 3), cut=cut, pooling="max")
