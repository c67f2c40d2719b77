"""Keeps the program's division, under another name."""

import numpy as np

REPLACES = "vgg16-features"
MUST_FAIL = ("test-vgg16-features",)
HINT = "That is what comes out when the images are divided by 255."
MARKS = 1.0


def vgg16_features(base, images):
    scaled = np.asarray(images, dtype="float32") / 255.0
    return base.predict(scaled, verbose=0)
