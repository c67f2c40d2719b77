"""Prepares with keras.applications' function and freezes layer by layer."""

import keras

REPLACES = "build-model"


def build_model(base, classes):
    for layer in base.layers:
        layer.trainable = False
    images = keras.Input((96, 96, 3))
    tensor = keras.layers.RandomTranslation(0.1, 0.1)(keras.layers.RandomBrightness(0.1)(images))
    tensor = keras.applications.mobilenet_v2.preprocess_input(tensor)
    tensor = keras.layers.GlobalMaxPooling2D()(base(tensor))
    tensor = keras.layers.Activation("softmax")(keras.layers.Dense(classes)(keras.layers.BatchNormalization()(tensor)))
    return keras.Model(images, tensor)
