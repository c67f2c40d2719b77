"""Unfreezes all of the base at once."""

import keras

REPLACES = "fine-tune"
MUST_FAIL = ("test-fine-tune",)
SLOW = True
HINT = "to stay as it was"
MARKS = 12


def fine_tune(model, first, images, labels, epochs):
    base_of(model).trainable = True
    for layer in base_of(model).layers:
        layer.trainable = not isinstance(layer, keras.layers.BatchNormalization)
    model.compile(keras.optimizers.Adam(1e-5), loss="sparse_categorical_crossentropy")
    history = model.fit(images, labels, epochs=epochs, verbose=0)
    return model, history.history["loss"]
