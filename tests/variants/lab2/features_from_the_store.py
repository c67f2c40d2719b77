"""Lets the course prepare, run and remember."""

from course_utils.features import extract

REPLACES = "extract-features"


def extract_features(extractor, images):
    return extract(extractor, images, preprocess="auto", progress=False)
