"""Believes training=False: calls the model instead of fitting it."""

import keras
import numpy as np

REPLACES = "statistics-moved"
MUST_FAIL = ("test-statistics-moved",)
MARKS = 1.5


def statistics_moved(model, images, labels):
    norms = [layer for layer in model.get_layer("base").layers if isinstance(layer, keras.layers.BatchNormalization)]
    before = [np.array(layer.moving_mean) for layer in norms]
    model.predict(images, verbose=0)
    return sum(not np.array_equal(old, layer.moving_mean) for old, layer in zip(before, norms, strict=True))
