"""Uses a seed of its own instead of the one it is given."""

import keras
import numpy as np

REPLACES = "cached-views"
MUST_FAIL = ("test-cached-views",)
HINT = "Another seed gave the same copies"
MARKS = 12.0


def cached_views(base, images, labels, views, seed):
    augment = keras.Sequential(
        [keras.layers.RandomFlip("horizontal", seed=1), keras.layers.RandomRotation(0.05, seed=2)]
    )
    batch = images.astype("float32")
    augmented = np.concatenate([np.asarray(augment(batch, training=True)) for _ in range(views)])
    features = base.predict(augmented / 127.5 - 1, verbose=0)
    return augmented, features, np.tile(labels, views)
