"""Leaves the softmax to the loss, so that scores come out."""

import keras

REPLACES = "train-head"
MUST_FAIL = ("test-train-head",)
HINT = "scores before the softmax"
MARKS = 10.4


def train_head(features, labels, classes):
    head = keras.Sequential(
        [keras.Input((features.shape[1],)), keras.layers.BatchNormalization(), keras.layers.Dense(classes)]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    head.compile(optimizer=keras.optimizers.Adam(3e-3), loss=loss)
    head.fit(features, labels, epochs=30, verbose=0)
    return head
