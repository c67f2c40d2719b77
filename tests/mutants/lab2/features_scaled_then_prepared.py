"""Divides by 255 first and prepares then."""

from course_utils.models import preprocess

REPLACES = "extract-features"
MUST_FAIL = ("test-extract-features",)
HINT = "after a division by 255"


def extract_features(extractor, images):
    return extractor.predict(preprocess("vgg16", images / 255.0), verbose=0)
