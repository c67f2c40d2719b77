"""Compares two passes outside training, where augmentation is off."""

import numpy as np

REPLACES = "augments"
MUST_FAIL = ("test-augments",)
HINT = "You answer False for all of 6 models"
MARKS = 0
SLOW = True


def augments(model, images):
    return not np.allclose(model.predict(images, verbose=0), model.predict(images, verbose=0))
