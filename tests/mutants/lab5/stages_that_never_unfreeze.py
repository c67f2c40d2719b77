"""Calls the second fit fine-tuning and never sets anything free."""

import keras

REPLACES = "train-in-two-stages"
MUST_FAIL = ("test-train-in-two-stages",)
MARKS = 2.0


def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    for rate, epochs in ((1e-2, head_epochs), (1e-5, all_epochs)):
        model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy")
        model.fit(images, labels, epochs=epochs, verbose=0)
    return model
