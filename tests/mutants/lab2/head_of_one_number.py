"""Ends in one sigmoid, as for two classes."""

import keras

REPLACES = "train-head"
MUST_FAIL = ("test-train-head",)
HINT = "One number can tell two classes apart"


def train_head(features, labels, classes):
    head = keras.Sequential([keras.Input((features.shape[1],)), keras.layers.Dense(1, activation="sigmoid")])
    head.compile(optimizer="adam", loss="mse")
    head.fit(features, labels, epochs=3, verbose=0)
    return head
