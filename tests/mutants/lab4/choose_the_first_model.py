"""Takes the first name in the dictionary for the best model."""

from course_utils.evaluate import accuracy_interval

REPLACES = "choose-and-report"
MUST_FAIL = ("test-choose-and-report",)
HINT = "right most often on the validation scenes"
MARKS = 0


def choose_and_report(validation, validation_labels, test, test_labels, test_groups):
    best = next(iter(validation))
    return best, *accuracy_interval(test[best].argmax(axis=1) == test_labels, test_groups)
