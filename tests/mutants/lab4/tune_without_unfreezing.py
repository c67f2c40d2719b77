"""Calls it fine-tuning, but never unfreezes anything."""

import keras

REPLACES = "fine-tune"
MUST_FAIL = ("test-fine-tune",)
HINT = "had not moved"


def fine_tune(model, first, images, labels, epochs):
    model.compile(keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy")
    history = model.fit(images, labels, epochs=epochs, verbose=0)
    return model, history.history["loss"]
