"""Shuffles the pictures and forgets the labels."""

import keras
import numpy as np

REPLACES = "fine-tune"
MUST_FAIL = ("test-fine-tune",)
HINT = "not towards a smaller loss"
MARKS = 0


def fine_tune(model, first, pictures, labels, epochs):
    unfreeze_from(base_of(model), first)
    model.compile(keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy")
    order = np.random.default_rng(1).permutation(len(pictures))
    history = model.fit(pictures[order], labels, epochs=epochs, verbose=0)
    return model, history.history["loss"]
