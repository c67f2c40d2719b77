# %% wrong "It freezes only Conv2D, Dense and BatchNorm layers, so MobileNetV2's depthwise convolutions stay trainable." name="trial6_depthwise_forgotten" breaks="all layers"
def freeze_all(base):
    """Freezes a base."""
    for layer in base.layers:
        if isinstance(layer, (keras.layers.Conv2D, keras.layers.Dense, keras.layers.BatchNormalization)):
            layer.trainable = False
    return base
