"""Takes whatever is random in training, a Dropout too, for augmentation."""

import numpy as np

REPLACES = "augments"
MUST_FAIL = ("test-augments",)
HINT = "that has a Dropout and changes no image you answer True"
MARKS = 2.5


def augments(model, images):
    first, second = model(images, training=True), model(images, training=True)
    return not np.allclose(first, second)
