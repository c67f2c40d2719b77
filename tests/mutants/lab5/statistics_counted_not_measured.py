"""Counts the BatchNorm layers instead of looking at what moved."""

import keras

REPLACES = "statistics-moved"
MUST_FAIL = ("test-statistics-moved",)
HINT = "That is how many BatchNorm layers there are."
MARKS = 0


def statistics_moved(model, images, labels):
    return sum(isinstance(layer, keras.layers.BatchNormalization) for layer in model.get_layer("base").layers)
