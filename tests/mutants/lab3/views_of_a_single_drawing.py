"""Augments once and repeats the outcome, which saves work and makes one view."""

import keras
import numpy as np

REPLACES = "cached-views"
MUST_FAIL = ("test-cached-views",)
HINT = "augmented copies of an image are the same"
MARKS = 11.25


def cached_views(base, images, labels, views, seed):
    turn = keras.layers.RandomRotation(0.1, seed=seed)
    augmented = np.asarray(turn(images.astype("float32"), training=True))
    features = base.predict(augmented / 127.5 - 1, verbose=0)
    return np.tile(augmented, (views, 1, 1, 1)), np.tile(features, (views, 1)), np.tile(labels, views)
