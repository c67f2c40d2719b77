"""Trains with SGD and momentum, one-hot labels, and a generator of batches."""

import keras

REPLACES = "train"
SLOW = True


def train(model, images, labels):
    rate = keras.optimizers.SGD(0.02, momentum=0.9)
    model.compile(optimizer=rate, loss="categorical_crossentropy", metrics=["accuracy"])
    model.fit(images.astype("float32"), keras.utils.to_categorical(labels), epochs=10, batch_size=16, verbose=0)
    return model
