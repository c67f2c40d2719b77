"""Divides by 255, as one does for a network trained from scratch."""

REPLACES = "extract-features"
MUST_FAIL = ("test-extract-features",)
HINT = "divided by 255, which is not"
MARKS = 7.15


def extract_features(extractor, images):
    return extractor.predict(images / 255.0, verbose=0)
