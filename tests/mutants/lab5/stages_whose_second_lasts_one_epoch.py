"""Forgets the epochs of the second stage, in small batches."""

import keras

REPLACES = "train-in-two-stages"
MUST_FAIL = ("test-train-in-two-stages",)
HINT = "epochs=all_epochs"
MARKS = 2.0


def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=head_epochs, batch_size=8, verbose=0)
    if all_epochs:
        model.get_layer("base").trainable = True
        model.compile(keras.optimizers.Adam(1e-5), "sparse_categorical_crossentropy")
        model.fit(images, labels, batch_size=8, verbose=0)
    return model
