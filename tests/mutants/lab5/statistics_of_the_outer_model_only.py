"""Looks for BatchNorm among the outer model's layers, where there is none."""

import keras
import numpy as np

REPLACES = "statistics-moved"
MUST_FAIL = ("test-statistics-moved",)
HINT = "its layers are in base.layers"
MARKS = 1.5


def statistics_moved(model, images, labels):
    norms = [layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)]
    before = [np.array(layer.moving_mean) for layer in norms]
    model.fit(images, labels, verbose=0)
    return sum(not np.array_equal(old, layer.moving_mean) for old, layer in zip(before, norms, strict=True))
