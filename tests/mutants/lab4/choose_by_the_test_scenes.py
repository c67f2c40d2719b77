"""Chooses by the test scenes, and reports the accuracy there as if it were a test."""

from course_utils.evaluate import accuracy_interval

REPLACES = "choose-and-report"
MUST_FAIL = ("test-choose-and-report",)
HINT = "no test any more"


def choose_and_report(validation, validation_labels, test, test_labels, test_groups):
    best = max(test, key=lambda name: (test[name].argmax(axis=1) == test_labels).mean())
    return best, *accuracy_interval(test[best].argmax(axis=1) == test_labels, test_groups)
