"""Compiles again, with the optimizer of the first stage."""

import keras

REPLACES = "train-in-two-stages"
MUST_FAIL = ("test-train-in-two-stages",)
HINT = "after unfreezing make a new one in compile"
MARKS = 2.0


def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    optimizer = keras.optimizers.Adam(1e-3)
    model.compile(optimizer, "sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=head_epochs, verbose=0)
    if all_epochs:
        model.get_layer("base").trainable = True
        model.compile(optimizer, "sparse_categorical_crossentropy")
        model.fit(images, labels, epochs=all_epochs, verbose=0)
    return model
