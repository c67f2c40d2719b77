"""Makes the augmentation, looks at it, and never wires it into the model."""

import keras

REPLACES = "build-model"
MUST_FAIL = ("test-build-model",)
HINT = "In training the images reach the base as they are"
MARKS = 14.0


def build_model(base, classes):
    base.trainable = False
    augment = keras.Sequential([keras.layers.RandomFlip("horizontal"), keras.layers.RandomRotation(0.05)])
    augment(keras.random.uniform((1, *base.input_shape[1:])), training=True)
    images = keras.Input(base.input_shape[1:])
    tensor = base(keras.layers.Rescaling(1 / 127.5, offset=-1)(images))
    tensor = keras.layers.GlobalAveragePooling2D()(tensor)
    return keras.Model(images, keras.layers.Dense(classes, activation="softmax")(tensor))
