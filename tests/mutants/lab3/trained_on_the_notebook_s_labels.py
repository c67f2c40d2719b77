"""Fits to the labels of scenes that it loads itself instead of those that the function is given."""

import keras

from course_utils.data import load_scenes

REPLACES = "train"
MUST_FAIL = ("test-train",)
HINT = "only the labels that your function is given fit"
MARKS = 7.0


def train(model, images, labels):
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    model.fit(images, load_scenes("train", per_object=2).labels, epochs=8, verbose=0)
    return model
