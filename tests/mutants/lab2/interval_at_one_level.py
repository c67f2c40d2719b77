"""Never looks at the level."""

from course_utils.evaluate import accuracy_interval

REPLACES = "interval"
MUST_FAIL = ("test-interval",)
HINT = "the argument level says"
MARKS = 8


def accuracy_with_interval(probabilities, labels, groups, level):
    return accuracy_interval(probabilities.argmax(axis=1) == labels, groups)
