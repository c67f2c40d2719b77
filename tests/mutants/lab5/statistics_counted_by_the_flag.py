"""Counts the BatchNorm layers whose flag is set, and never trains."""

import keras

REPLACES = "statistics-moved"
MUST_FAIL = ("test-statistics-moved",)
HINT = "one of them stands still all the same"
MARKS = 1.5


def statistics_moved(model, images, labels):
    layers = model.get_layer("base").layers
    return sum(layer.trainable for layer in layers if isinstance(layer, keras.layers.BatchNormalization))
