"""Numbers the epochs on from the last one that is done, and so trains one more than asked."""

import keras

REPLACES = "fine-tune"
MUST_FAIL = ("test-fine-tune",)
HINT = "initial_epoch counts from 0"
MARKS = 12.75


def fine_tune(model, first, images, labels, epochs):
    unfreeze_from(base_of(model), first)
    model.compile(keras.optimizers.Adam(1e-5), loss="sparse_categorical_crossentropy")
    done = range(5)  # the epochs of the first stage, as history.epoch has them
    history = model.fit(images, labels, initial_epoch=done[-1], epochs=len(done) + epochs, verbose=0)
    return model, history.history["loss"]
