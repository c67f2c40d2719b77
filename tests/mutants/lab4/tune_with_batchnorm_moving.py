"""Unfreezes the top by hand, BatchNorm included."""

import keras

REPLACES = "fine-tune"
MUST_FAIL = ("test-fine-tune",)
HINT = "The BatchNorm layers"
MARKS = 12.75


def fine_tune(model, first, images, labels, epochs):
    base = base_of(model)
    base.trainable = True
    for layer in base.layers[: base.layers.index(base.get_layer(first))]:
        layer.trainable = False
    model.compile(keras.optimizers.Adam(1e-5), loss="sparse_categorical_crossentropy")
    history = model.fit(images, labels, epochs=epochs, verbose=0)
    return model, history.history["loss"]
