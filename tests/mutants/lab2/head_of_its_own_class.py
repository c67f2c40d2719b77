"""Subclasses keras.Model, which cannot be rebuilt as data."""

import keras

REPLACES = "train-head"
MUST_FAIL = ("test-train-head",)
HINT = "build it as Sequential or functional"
MARKS = 0


class Head(keras.Model):
    def __init__(self, classes):
        super().__init__()
        self.dense = keras.layers.Dense(classes, activation="softmax")

    def call(self, inputs):
        return self.dense(inputs)


def train_head(features, labels, classes):
    head = Head(classes)
    head.compile(optimizer=keras.optimizers.Adam(3e-3), loss="sparse_categorical_crossentropy")
    head.fit(features, labels, epochs=2, verbose=0)
    return head
