"""Feeds the photograph in without preprocessing."""

import numpy as np

REPLACES = "top-five"
MUST_FAIL = ("test-top-five",)
HINT = "The images are not preprocessed, as the probabilities show"


def top_five(classifier, photo, class_names):
    probabilities = classifier.predict(photo[np.newaxis].astype("float32"), verbose=0)[0]
    best = np.argsort(-probabilities)[:5]
    return [(class_names[i], float(probabilities[i])) for i in best]
