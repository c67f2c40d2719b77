"""Goes back to the last feature map, one step too far."""

import keras

REPLACES = "penultimate"
MUST_FAIL = ("test-penultimate",)
HINT = "one layer too far"


def penultimate(classifier):
    maps = [layer for layer in classifier.layers if len(layer.output.shape) == 4]
    return keras.Model(classifier.inputs, maps[-1].output)
