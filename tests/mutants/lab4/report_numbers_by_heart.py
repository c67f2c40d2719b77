"""Chooses rightly, and reports numbers that fitted once."""

REPLACES = "choose-and-report"
MUST_FAIL = ("test-choose-and-report",)
HINT = "has right of the test scenes"
MARKS = 4


def choose_and_report(validation, validation_labels, test, test_labels, test_groups):
    best = max(validation, key=lambda name: (validation[name].argmax(axis=1) == validation_labels).mean())
    return best, 0.6, 0.475, 0.725
