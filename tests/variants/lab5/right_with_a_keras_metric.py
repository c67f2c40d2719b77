"""Lets Keras's categorical accuracy do it."""

import keras

REPLACES = "share-right"


def share_right(probabilities, one_hot):
    metric = keras.metrics.CategoricalAccuracy()
    metric.update_state(one_hot, probabilities)
    return metric.result()
