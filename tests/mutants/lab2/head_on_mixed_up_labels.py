"""Shuffles the features and not the labels with them."""

import keras
import numpy as np

REPLACES = "train-head"
MUST_FAIL = ("test-train-head",)


def train_head(features, labels, classes):
    features = np.random.default_rng(0).permutation(features)
    head = keras.Sequential([keras.Input((features.shape[1],)), keras.layers.Dense(classes, activation="softmax")])
    head.compile(optimizer=keras.optimizers.Adam(3e-3), loss="sparse_categorical_crossentropy")
    head.fit(features, labels, epochs=30, verbose=0)
    return head
