"""Writes VGG16's 512 features into the model."""

import keras

REPLACES = "train-head"
MUST_FAIL = ("test-train-head",)
HINT = "Your function raised ValueError"


def train_head(features, labels, classes):
    head = keras.Sequential([keras.Input((512,)), keras.layers.Dense(classes, activation="softmax")])
    head.compile(optimizer=keras.optimizers.Adam(3e-3), loss="sparse_categorical_crossentropy")
    head.fit(features, labels, epochs=30, verbose=0)
    return head
