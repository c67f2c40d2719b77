"""Fits to the labels of the notebook's own scenes instead of those that the function is given."""

import keras

REPLACES = "train-head"
MUST_FAIL = ("test-train-head",)
HINT = "only the features and labels that your function is given fit"
MARKS = 5.2


def train_head(features, labels, classes):
    head = keras.Sequential(
        [
            keras.Input((features.shape[1],)),
            keras.layers.BatchNormalization(),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )
    head.compile(optimizer=keras.optimizers.Adam(3e-3), loss="sparse_categorical_crossentropy")
    head.fit(features, scenes["train"].labels, epochs=30, verbose=0)
    return head
