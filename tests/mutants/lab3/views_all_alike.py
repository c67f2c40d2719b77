"""Makes the layers anew for every view, with the same seed: the same view again and again."""

import keras
import numpy as np

REPLACES = "cached-views"
MUST_FAIL = ("test-cached-views",)
HINT = "made anew with the same seed"
MARKS = 11.25


def cached_views(base, images, labels, views, seed):
    made = []
    for _ in range(views):
        turn = keras.layers.RandomRotation(0.1, seed=seed)
        made.append(np.asarray(turn(images.astype("float32"), training=True)))
    augmented = np.concatenate(made)
    return augmented, base.predict(augmented / 127.5 - 1, verbose=0), np.tile(labels, views)
