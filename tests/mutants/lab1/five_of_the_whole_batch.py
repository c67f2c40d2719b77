"""Sorts the whole batch of one instead of its first row."""

import numpy as np

from course_utils.models import preprocess

REPLACES = "top-five"
MUST_FAIL = ("test-top-five",)
HINT = "did you take the first row, [0]?"
MARKS = 0


def top_five(classifier, photo, class_names):
    probabilities = classifier.predict(preprocess("efficientnet_lite0", photo[np.newaxis]), verbose=0)
    best = np.argsort(probabilities)[::-1][:5]
    return [(class_names[i], float(probabilities[i])) for i in best]
