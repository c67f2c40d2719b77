"""Lets the learning rate go up when the base is unfrozen."""

import keras

REPLACES = "fine-tune"
MUST_FAIL = ("test-fine-tune",)
HINT = "a tenth of that or less"
MARKS = 12


def fine_tune(model, first, images, labels, epochs):
    unfreeze_from(base_of(model), first)
    model.compile(keras.optimizers.Adam(1e-2), loss="sparse_categorical_crossentropy")
    history = model.fit(images, labels, epochs=epochs, verbose=0)
    return model, history.history["loss"]
