"""Takes the last five of argsort and forgets to turn them round."""

import numpy as np

from course_utils.models import preprocess

REPLACES = "top-five"
MUST_FAIL = ("test-top-five",)
HINT = "np.argsort sorts upwards"
MARKS = 17


def top_five(classifier, photo, class_names):
    probabilities = classifier.predict(preprocess("efficientnet_lite0", photo[np.newaxis]), verbose=0)[0]
    return [(class_names[i], probabilities[i]) for i in np.argsort(probabilities)[-5:]]
