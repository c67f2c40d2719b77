"""Counts by hand and returns a list."""

import numpy as np

from course_utils.evaluate import accuracy_interval

REPLACES = "judge"


def judge(probabilities, labels, groups, training_labels):
    correct = np.argmax(probabilities, -1) == labels
    interval = accuracy_interval(correct, groups)
    classes, counts = np.unique(training_labels, return_counts=True)
    return [*interval, float((labels == classes[np.argmax(counts)]).sum() / len(labels))]
