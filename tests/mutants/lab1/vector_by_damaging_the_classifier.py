"""Gets the right vector, and then takes the classifier's softmax away for good."""

import keras

REPLACES = "penultimate"
MUST_FAIL = ("test-penultimate",)


def penultimate(classifier):
    features = keras.Model(classifier.inputs, classifier.layers[-1].input)
    classifier.layers[-1].kernel.assign(0 * classifier.layers[-1].kernel)
    return features
