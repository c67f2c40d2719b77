"""Uses the binomial rule of thumb, which counts every scene as independent."""

import numpy as np
from scipy.stats import norm

REPLACES = "interval"
MUST_FAIL = ("test-interval",)
HINT = "know nothing of each other"


def accuracy_with_interval(probabilities, labels, groups, level):
    accuracy = np.mean(probabilities.argmax(axis=1) == labels)
    half = norm.ppf((1 + level) / 2) * np.sqrt(accuracy * (1 - accuracy) / len(labels))
    return accuracy, accuracy - half, accuracy + half
