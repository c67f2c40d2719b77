"""Applies a softmax to what is a softmax already: the order stays, the numbers flatten out."""

import keras
import numpy as np

from course_utils.models import preprocess

REPLACES = "top-five"
MUST_FAIL = ("test-top-five",)


def top_five(classifier, photo, class_names):
    scores = classifier(preprocess("efficientnet_lite0", photo[np.newaxis]))
    probabilities = np.asarray(keras.ops.softmax(scores))[0]
    best = np.argsort(-probabilities)[:5]
    return [(class_names[i], float(probabilities[i])) for i in best]
