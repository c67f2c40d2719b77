"""Counts a scene as right only when its probability is above one half."""

import numpy as np

from course_utils.evaluate import accuracy_interval

REPLACES = "interval"
MUST_FAIL = ("test-interval",)
HINT = "may well stay below 0.5"


def accuracy_with_interval(probabilities, labels, groups, level):
    correct = probabilities[np.arange(len(labels)), labels] > 0.5
    return accuracy_interval(correct, groups, level=level)
