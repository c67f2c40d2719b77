"""Loops over the outer model, which already holds the new head."""

import keras

REPLACES = "unfreeze-from"
MUST_FAIL = ("test-unfreeze-from",)
HINT = "not over a model that holds the head too"
MARKS = 3.5


def unfreeze_from(model, first):
    base = model.get_layer("base")
    for layer in model.layers:
        layer.trainable = layer is base
    names = [layer.name for layer in base.layers]
    for place, layer in enumerate(base.layers):
        norm = isinstance(layer, keras.layers.BatchNormalization)
        layer.trainable = place >= names.index(first) and not norm
    return model
