"""Searches the layers with a function that calls itself."""

import keras

REPLACES = "augments"


def augments(model, images):
    kinds = (
        keras.layers.RandomFlip,
        keras.layers.RandomRotation,
        keras.layers.RandomZoom,
        keras.layers.RandomTranslation,
    )
    return any(
        isinstance(layer, kinds) or (hasattr(layer, "layers") and augments(layer, images)) for layer in model.layers
    )
