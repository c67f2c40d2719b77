"""Prepares as it should, but divides by 255 first."""

from course_utils.models import preprocess

REPLACES = "vgg16-features"
MUST_FAIL = ("test-vgg16-features",)
HINT = "preprocess takes the pixels as they are"


def vgg16_features(base, images):
    return base.predict(preprocess("vgg16", images / 255), verbose=0)
