"""Asks for EfficientNet-Lite0's pooling layer by name, so no other classifier will do."""

import keras

REPLACES = "penultimate"
MUST_FAIL = ("test-penultimate",)


def penultimate(classifier):
    return keras.Model(classifier.input, classifier.get_layer("avg_pool").output)
