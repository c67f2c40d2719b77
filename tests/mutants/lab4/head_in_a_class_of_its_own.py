"""Subclasses keras.Model, which learns all the same and cannot be handed in."""

import keras
import numpy as np

REPLACES = "head-first"
MUST_FAIL = ("test-head-first",)
HINT = "A model of class 'HeadFirst' cannot be handed over"
MARKS = 0.0


class HeadFirst(keras.Model):
    def __init__(self, base, augmentation, classes):
        super().__init__()
        self.augmentation, self.base = augmentation, base
        self.pool = keras.layers.GlobalAveragePooling2D()
        self.head = keras.layers.Dense(classes, activation="softmax", name="head")

    def call(self, images, training=False):
        return self.head(self.pool(self.base(self.augmentation(images, training=training))))


def head_first(base, augmentation, classes):
    base.trainable = False
    model = HeadFirst(base, augmentation, classes)
    model(np.zeros((1, *base.input_shape[1:]), "float32"))
    model.compile(keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy")
    return model
