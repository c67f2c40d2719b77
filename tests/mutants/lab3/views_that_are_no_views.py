"""Augments with predict, which is not training, so that every view is the image itself."""

import keras
import numpy as np

REPLACES = "cached-views"
MUST_FAIL = ("test-cached-views",)
HINT = "Every augmented copy is the image itself"


def cached_views(base, images, labels, views, seed):
    augment = keras.Sequential(
        [keras.layers.RandomFlip("horizontal", seed=seed), keras.layers.RandomRotation(0.05, seed=seed + 1)]
    )
    batch = images.astype("float32")
    augmented = np.concatenate([augment.predict(batch, verbose=0) for _ in range(views)])
    features = base.predict(augmented / 127.5 - 1, verbose=0)
    return augmented, features, np.tile(labels, views)
