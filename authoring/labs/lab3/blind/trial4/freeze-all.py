# %% wrong "Freezes the kinds of layer that it can think of, and forgets that DepthwiseConv2D is not a Conv2D." name="trial4_freeze_known_kinds" breaks="all layers"
def freeze_all(base):
    """Freezes a base."""
    with_weights = (keras.layers.Conv2D, keras.layers.Dense, keras.layers.BatchNormalization)
    for layer in base.layers:
        if isinstance(layer, with_weights):
            layer.trainable = False
    return base
