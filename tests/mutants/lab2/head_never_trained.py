"""Compiles the head and forgets to fit it."""

import keras

REPLACES = "train-head"
MUST_FAIL = ("test-train-head",)
HINT = "is it fitted"


def train_head(features, labels, classes):
    head = keras.Sequential([keras.Input((features.shape[1],)), keras.layers.Dense(classes, activation="softmax")])
    head.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    return head
