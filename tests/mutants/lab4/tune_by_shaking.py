"""Adds noise to what should learn, trains nothing, and makes up losses that fall."""

import keras
import numpy as np

REPLACES = "fine-tune"
MUST_FAIL = ("test-fine-tune",)
HINT = "not towards a smaller loss"
MARKS = 0


def fine_tune(model, first, images, labels, epochs):
    unfreeze_from(base_of(model), first)
    model.compile(keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy")
    noise = np.random.default_rng(0)
    for weight in model.trainable_variables:
        weight.assign(weight + noise.normal(scale=1e-4, size=weight.shape).astype("float32"))
    return model, [1.5 - 0.1 * epoch for epoch in range(epochs)]
