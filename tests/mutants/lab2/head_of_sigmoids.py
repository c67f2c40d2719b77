"""Ends in a sigmoid for each class, with one-hot targets and binary cross-entropy."""

import keras
import numpy as np

REPLACES = "train-head"
MUST_FAIL = ("test-train-head",)
HINT = "A sigmoid per class"
MARKS = 10.4


def train_head(features, labels, classes):
    head = keras.Sequential(
        [
            keras.Input((features.shape[1],)),
            keras.layers.BatchNormalization(),
            keras.layers.Dense(classes, activation="sigmoid"),
        ]
    )
    head.compile(optimizer=keras.optimizers.Adam(3e-3), loss="binary_crossentropy", metrics=["binary_accuracy"])
    head.fit(features, np.eye(classes)[labels], epochs=30, verbose=0)
    return head
