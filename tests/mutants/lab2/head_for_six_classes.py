"""Writes six classes into the model."""

import keras

REPLACES = "train-head"
MUST_FAIL = ("test-train-head",)
HINT = "The argument classes says how many there are."
MARKS = 10.4


def train_head(features, labels, classes):
    head = keras.Sequential([keras.Input((features.shape[1],)), keras.layers.Dense(6, activation="softmax")])
    head.compile(optimizer=keras.optimizers.Adam(3e-3), loss="sparse_categorical_crossentropy")
    head.fit(features, labels, epochs=30, verbose=0)
    return head
