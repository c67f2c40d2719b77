"""Runs the base on pixels from 0 to 255."""

import keras
import numpy as np

REPLACES = "cached-views"
MUST_FAIL = ("test-cached-views",)
HINT = "The images are not preprocessed"
MARKS = 12.0


def cached_views(base, images, labels, views, seed):
    augment = keras.Sequential(
        [keras.layers.RandomFlip("horizontal", seed=seed), keras.layers.RandomRotation(0.05, seed=seed + 1)]
    )
    batch = images.astype("float32")
    augmented = np.concatenate([np.asarray(augment(batch, training=True)) for _ in range(views)])
    features = base.predict(augmented, verbose=0)
    return augmented, features, np.tile(labels, views)
