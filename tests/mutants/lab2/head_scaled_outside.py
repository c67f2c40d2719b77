"""Standardises the features before the model, so that the model alone gets numbers it has never seen."""

import keras

REPLACES = "train-head"
MUST_FAIL = ("test-train-head",)
HINT = "whatever scales the features"
MARKS = 5.2


def train_head(features, labels, classes):
    features = (features - features.mean(axis=0)) / (features.std(axis=0) + 1e-6)
    head = keras.Sequential([keras.Input((features.shape[1],)), keras.layers.Dense(classes, activation="softmax")])
    head.compile(optimizer=keras.optimizers.Adam(3e-3), loss="sparse_categorical_crossentropy")
    head.fit(features, labels, epochs=30, verbose=0)
    return head
