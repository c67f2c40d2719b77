# %% right "Unfreezes the whole model first, then freezes a chain of two lazy iterators: the layers before the first one, and every BatchNorm." name="trial5_freeze_a_chain"
from itertools import chain, takewhile


def unfreeze_from(model, first):
    layers = model.get_layer("base").layers
    model.trainable = True
    earlier = takewhile(lambda layer: layer.name != first, layers)
    norms = filter(lambda layer: isinstance(layer, keras.layers.BatchNormalization), layers)
    for layer in chain(earlier, norms):
        layer.trainable = False
    return model
