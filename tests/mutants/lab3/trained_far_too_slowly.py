"""Trains with a rate meant for fine-tuning a whole base: the head hardly moves."""

import keras

REPLACES = "train"
MUST_FAIL = ("test-train",)
HINT = "scenes it has not seen"
MARKS = 7.0
SLOW = True


def train(model, images, labels):
    model.compile(optimizer=keras.optimizers.Adam(0.00001), loss="sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=2, verbose=0)
    return model
