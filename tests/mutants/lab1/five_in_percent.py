"""Returns percentages where probabilities were asked for."""

import numpy as np

from course_utils.models import preprocess

REPLACES = "top-five"
MUST_FAIL = ("test-top-five",)
HINT = "are these percentages?"


def top_five(classifier, photo, class_names):
    probabilities = classifier.predict(preprocess("efficientnet_lite0", photo[np.newaxis]), verbose=0)[0]
    best = np.argsort(-probabilities)[:5]
    return [(class_names[i], round(100 * float(probabilities[i]), 1)) for i in best]
