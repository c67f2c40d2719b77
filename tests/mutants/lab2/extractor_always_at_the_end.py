"""Never looks at the cut."""

from course_utils.models import load_base

REPLACES = "build-extractor"
MUST_FAIL = ("test-build-extractor",)
HINT = "whatever cut is"
MARKS = 7.2


def build_extractor(size, cut):
    return load_base("vgg16", input_shape=(size, size, 3), pooling="avg")
