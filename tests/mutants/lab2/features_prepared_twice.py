"""Prepares the images, and lets extract prepare them again."""

from course_utils.features import extract
from course_utils.models import preprocess

REPLACES = "extract-features"
MUST_FAIL = ("test-extract-features",)
HINT = "preprocessed twice"


def extract_features(extractor, images):
    images = preprocess("vgg16", images)
    return extract(extractor, images, preprocess="vgg16", store=False, progress=False)
