"""Repeats each label where the whole list has to be repeated."""

import keras
import numpy as np

REPLACES = "cached-views"
MUST_FAIL = ("test-cached-views",)
HINT = "np.tile repeats the whole list"
MARKS = 12.0


def cached_views(base, images, labels, views, seed):
    augment = keras.Sequential(
        [keras.layers.RandomFlip("horizontal", seed=seed), keras.layers.RandomRotation(0.05, seed=seed + 1)]
    )
    batch = images.astype("float32")
    augmented = np.concatenate([np.asarray(augment(batch, training=True)) for _ in range(views)])
    features = base.predict(augmented / 127.5 - 1, verbose=0)
    return augmented, features, np.repeat(labels, views)
