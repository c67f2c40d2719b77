"""Prepares everything at once and lets predict make the batches."""

from course_utils.models import preprocess

REPLACES = "extract-features"


def extract_features(extractor, images):
    return extractor.predict(preprocess("vgg16", images), batch_size=64, verbose=0)
