"""Adds up the model's own answers, which are probabilities in every one of the models."""

import numpy as np

REPLACES = "stands-on-probabilities"
MUST_FAIL = ("test-stands-on-probabilities",)
HINT = "You answer True for all of 7 models"
SLOW = True


def stands_on_probabilities(model, batch):
    return bool(np.allclose(model.predict(batch, verbose=0).sum(axis=1), 1, atol=1e-3))
