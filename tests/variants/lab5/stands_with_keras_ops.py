"""Returns a NumPy bool, from keras.ops."""

import keras
import numpy as np

REPLACES = "stands-on-probabilities"


def stands_on_probabilities(model, batch):
    look = keras.models.Model(inputs=model.input, outputs=model.layers[-1].input)
    sums = keras.ops.convert_to_numpy(keras.ops.sum(look(batch, training=False), axis=-1))
    return np.abs(sums - 1).max() < 1e-3
