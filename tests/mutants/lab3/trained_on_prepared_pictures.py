"""Prepares the images, although the model does that itself."""

import keras

REPLACES = "train"
MUST_FAIL = ("test-train",)
HINT = "the model preprocesses images itself"
MARKS = 7.0
SLOW = True


def train(model, images, labels):
    images = images / 127.5 - 1
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=3, verbose=0)
    return model
