"""Makes the layers, looks at an image, and builds the model without them."""

import keras
import numpy as np

REPLACES = "with-augmentation"
MUST_FAIL = ("test-with-augmentation",)
HINT = "and not called on the way from the input to the base"
MARKS = 1.0


def with_augmentation(base, classes):
    augment = keras.Sequential([keras.layers.RandomFlip("horizontal"), keras.layers.RandomRotation(0.1)])
    augment(np.zeros((1, *base.input_shape[1:]), "float32"), training=True)
    inputs = keras.Input(base.input_shape[1:])
    vector = keras.layers.GlobalAveragePooling2D()(base(inputs))
    return keras.Model(inputs, keras.layers.Dense(classes, activation="softmax")(vector))
