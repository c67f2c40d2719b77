"""Numbers the epochs on from the first stage, and counts them right."""

import keras

REPLACES = "fine-tune"


def fine_tune(model, first, images, labels, epochs):
    base = unfreeze_from(base_of(model), first)
    assert base.trainable
    model.compile(keras.optimizers.Adam(1e-5), loss=keras.losses.SparseCategoricalCrossentropy())
    done = list(range(5))
    history = model.fit(images, labels, initial_epoch=done[-1] + 1, epochs=len(done) + epochs, verbose=0)
    return model, history.history["loss"]
