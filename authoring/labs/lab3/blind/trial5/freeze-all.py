# %% wrong "Freezes only convolutions, dense layers and BatchNorm by class, so depthwise convolutions stay trainable." name="trial5_all_but_depthwise" breaks="all layers"
def freeze_all(base):
    """Freezes a base."""
    for layer in base.layers:
        if isinstance(layer, (keras.layers.Conv2D, keras.layers.Dense, keras.layers.BatchNormalization)):
            layer.trainable = False
    return base
