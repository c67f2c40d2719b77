"""Ignores the classifier it was given and loads a base of its own."""

from course_utils.models import load_base

REPLACES = "penultimate"
MUST_FAIL = ("test-penultimate",)


def penultimate(classifier):
    return load_base("efficientnet_lite0", pooling="avg")
