"""Takes the accuracies out of the history, where the losses were asked for."""

import keras

REPLACES = "fine-tune"
MUST_FAIL = ("test-fine-tune",)
HINT = "Your losses run from"
MARKS = 12.75


def fine_tune(model, first, images, labels, epochs):
    unfreeze_from(base_of(model), first)
    model.compile(keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(images, labels, epochs=epochs, verbose=0)
    return model, history.history["accuracy"]
