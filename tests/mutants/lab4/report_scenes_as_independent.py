"""Takes scenes of one cut-out for independent, so the interval is too narrow."""

import numpy as np

from course_utils.evaluate import accuracy_interval

REPLACES = "choose-and-report"
MUST_FAIL = ("test-choose-and-report",)
HINT = "know nothing of each other"
MARKS = 7


def choose_and_report(validation, validation_labels, test, test_labels, test_groups):
    best = max(validation, key=lambda name: (validation[name].argmax(axis=1) == validation_labels).mean())
    return best, *accuracy_interval(test[best].argmax(axis=1) == test_labels, np.arange(len(test_labels)))
