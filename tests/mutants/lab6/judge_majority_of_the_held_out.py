"""Takes the commonest class of the images held out, which nobody can know."""

import numpy as np

from course_utils.evaluate import accuracy_interval

REPLACES = "judge"
MUST_FAIL = ("test-judge",)
HINT = "nobody knows beforehand"


def judge(probabilities, labels, groups, training_labels):
    accuracy, low, high = accuracy_interval(probabilities.argmax(axis=1) == labels, groups)
    return accuracy, low, high, np.bincount(labels).max() / len(labels)
