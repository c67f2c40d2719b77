"""Gives percentages."""

from course_utils.evaluate import accuracy_interval

REPLACES = "interval"
MUST_FAIL = ("test-interval",)
HINT = "not percentages"
MARKS = 0


def accuracy_with_interval(probabilities, labels, groups, level):
    found = accuracy_interval(probabilities.argmax(axis=1) == labels, groups, level=level)
    return tuple(100 * number for number in found)
