"""Returns the classes' numbers and never looks up their names."""

import numpy as np

from course_utils.models import preprocess

REPLACES = "top-five"
MUST_FAIL = ("test-top-five",)
HINT = "turns a class's number into its name"


def top_five(classifier, photo, class_names):
    probabilities = classifier.predict(preprocess("efficientnet_lite0", photo[np.newaxis]), verbose=0)[0]
    best = np.argsort(-probabilities)[:5]
    return [(int(i), float(probabilities[i])) for i in best]
