"""Stacks the views along an axis of their own."""

import keras
import numpy as np

REPLACES = "cached-views"
MUST_FAIL = ("test-cached-views",)
HINT = "np.concatenate joins the copies"
MARKS = 0.0


def cached_views(base, images, labels, views, seed):
    turn = keras.layers.RandomRotation(0.1, seed=seed)
    augmented = np.stack([np.asarray(turn(images.astype("float32"), training=True)) for _ in range(views)])
    features = np.stack([base.predict(view / 127.5 - 1, verbose=0) for view in augmented])
    return augmented, features, np.stack([labels] * views)
