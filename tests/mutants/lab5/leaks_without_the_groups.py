"""Never looks at the objects: takes every test image for an image of an object in training."""

import numpy as np

REPLACES = "leaks"
MUST_FAIL = ("test-leaks",)
HINT = "test images whose object is in training too"
MARKS = 0


def leaks(train, test, groups):
    return int(np.isin(test, train).sum()), len(test)
