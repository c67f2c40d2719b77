"""Turns the colours round first, because VGG16 wants blue first; the preparation does that too."""

from course_utils.models import preprocess

REPLACES = "extract-features"
MUST_FAIL = ("test-extract-features",)
HINT = "Red and blue have changed places."


def extract_features(extractor, images):
    return extractor.predict(preprocess("vgg16", images[..., ::-1]), verbose=0)
