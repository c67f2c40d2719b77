"""Forgets the preparation."""

REPLACES = "extract-features"
MUST_FAIL = ("test-extract-features",)
HINT = "The images are not preprocessed"


def extract_features(extractor, images):
    return extractor.predict(images.astype("float32"), verbose=0)
