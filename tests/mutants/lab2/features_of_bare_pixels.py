"""Forgets the preparation."""

REPLACES = "extract-features"
MUST_FAIL = ("test-extract-features",)
HINT = "without any preparation"


def extract_features(extractor, images):
    return extractor.predict(images.astype("float32"), verbose=0)
