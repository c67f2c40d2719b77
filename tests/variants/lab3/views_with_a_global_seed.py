"""Sets Keras's global seed and draws from layers without one; returns a list."""

import keras
import numpy as np

REPLACES = "cached-views"


def cached_views(base, images, labels, views, seed):
    keras.utils.set_random_seed(seed)
    augment = keras.Sequential(
        [keras.layers.RandomZoom((-0.3, 0.3)), keras.layers.RandomBrightness(0.2), keras.layers.RandomFlip()]
    )
    augmented = augment(np.tile(images, (views, 1, 1, 1)).astype("float32"), training=True)
    features = base(augmented / 127.5 - 1, training=False)
    return [augmented, features, list(labels) * views]
