"""Reports the accuracy on the scenes by which the model was chosen."""

import numpy as np

from course_utils.evaluate import accuracy_interval

REPLACES = "choose-and-report"
MUST_FAIL = ("test-choose-and-report",)
HINT = "by which it was chosen"
MARKS = 4


def choose_and_report(validation, validation_labels, test, test_labels, test_groups):
    right = {name: scores.argmax(axis=1) == validation_labels for name, scores in validation.items()}
    best = max(right, key=lambda name: right[name].mean())
    return best, *accuracy_interval(right[best], np.arange(len(validation_labels)))
