"""Builds the model and forgets the return."""

import keras

REPLACES = "penultimate"
MUST_FAIL = ("test-penultimate",)
HINT = "is there a return?"
MARKS = 0


def penultimate(classifier):
    keras.Model(classifier.inputs, classifier.layers[-2].output)
