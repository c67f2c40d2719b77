"""Freezes in a loop over a model that already holds the new head."""

import keras

REPLACES = "train-in-two-stages"
MUST_FAIL = ("test-train-in-two-stages",)
HINT = "the head has not moved"
MARKS = 0


def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    for layer in model.layers:
        layer.trainable = False
    model.compile(keras.optimizers.Adam(1e-2), "sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=head_epochs, verbose=0)
    if all_epochs:
        model.get_layer("base").trainable = True
        model.compile(keras.optimizers.Adam(1e-4), "sparse_categorical_crossentropy")
        model.fit(images, labels, epochs=all_epochs, verbose=0)
    return model
