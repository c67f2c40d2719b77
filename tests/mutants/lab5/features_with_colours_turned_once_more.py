"""Turns the colours to BGR by hand, and then preprocess does it again."""

from course_utils.models import preprocess

REPLACES = "vgg16-features"
MUST_FAIL = ("test-vgg16-features",)
HINT = "the images are red and blue swapped"


def vgg16_features(base, images):
    return base.predict(preprocess("vgg16", images[..., ::-1]), verbose=0)
