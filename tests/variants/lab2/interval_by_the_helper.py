"""Lets the course do it."""

from course_utils.evaluate import accuracy_interval

REPLACES = "interval"


def accuracy_with_interval(probabilities, labels, groups, level):
    return list(accuracy_interval(probabilities.argmax(axis=-1) == labels, groups, level=level, resamples=1000, seed=7))
