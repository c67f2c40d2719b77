"""Gives the commonest class's share of the training part."""

import numpy as np

from course_utils.evaluate import accuracy_interval

REPLACES = "judge"
MUST_FAIL = ("test-judge",)
HINT = "its share of the training part"


def judge(probabilities, labels, groups, training_labels):
    accuracy, low, high = accuracy_interval(probabilities.argmax(axis=1) == labels, groups)
    return accuracy, low, high, np.bincount(training_labels).max() / len(training_labels)
