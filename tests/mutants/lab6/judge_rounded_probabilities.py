"""Calls an image right when the right class has more than one half."""

import numpy as np

from course_utils.evaluate import accuracy_interval

REPLACES = "judge"
MUST_FAIL = ("test-judge",)


def judge(probabilities, labels, groups, training_labels):
    correct = probabilities[np.arange(len(labels)), labels] > 0.5
    accuracy, low, high = accuracy_interval(correct, groups)
    return accuracy, low, high, np.mean(labels == np.bincount(training_labels).argmax())
