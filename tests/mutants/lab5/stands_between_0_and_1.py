"""Thinks that numbers between 0 and 1 are probabilities."""

import keras

REPLACES = "stands-on-probabilities"
MUST_FAIL = ("test-stands-on-probabilities",)
SLOW = True


def stands_on_probabilities(model, batch):
    received = keras.Model(model.inputs, model.layers[-1].input).predict(batch, verbose=0)
    return bool(received.min() >= 0 and received.max() <= 1)
