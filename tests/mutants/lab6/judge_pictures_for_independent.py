"""Counts images where objects should be counted."""

import numpy as np

from course_utils.evaluate import accuracy_interval

REPLACES = "judge"
MUST_FAIL = ("test-judge",)
HINT = "know nothing of each other"


def judge(probabilities, labels, groups, training_labels):
    accuracy, low, high = accuracy_interval(probabilities.argmax(axis=1) == labels, np.arange(len(labels)))
    return accuracy, low, high, np.mean(labels == np.bincount(training_labels).argmax())
