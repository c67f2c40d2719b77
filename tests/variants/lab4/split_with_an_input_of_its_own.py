"""Rebuilds the top on a new input, layer by layer, following the base's own connections."""

import keras

REPLACES = "split-at"


def split_at(base, first):
    border = base.get_layer(first).input
    start = keras.Input(border.shape[1:])
    made = {id(border): start}
    for layer in base.layers[base.layers.index(base.get_layer(first)) :]:
        given = layer.input
        several = isinstance(given, list)
        tensors = [made[id(tensor)] for tensor in (given if several else [given])]
        made[id(layer.output)] = layer(tensors if several else tensors[0])
    return [keras.Model(base.inputs, border), keras.Model(start, made[id(base.output)])]
