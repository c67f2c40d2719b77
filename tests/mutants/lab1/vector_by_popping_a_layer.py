"""Pops the last layer off the list of layers, which current Keras silently ignores."""

import keras

REPLACES = "penultimate"
MUST_FAIL = ("test-penultimate",)
HINT = "changes only a list, not the model"


def penultimate(classifier):
    classifier.layers.pop()
    return keras.Model(classifier.inputs, classifier.outputs)
