"""Takes the first five of argsort, which are the least likely."""

import numpy as np

from course_utils.models import preprocess

REPLACES = "top-five"
MUST_FAIL = ("test-top-five",)
HINT = "These are the five least likely"


def top_five(classifier, photo, class_names):
    probabilities = classifier.predict(preprocess("efficientnet_lite0", photo[np.newaxis]), verbose=0)[0]
    return [(class_names[i], probabilities[i]) for i in np.argsort(probabilities)[:5]]
