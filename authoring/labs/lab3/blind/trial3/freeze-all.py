# %% wrong "It freezes what is a Conv2D or a BatchNorm, but a DepthwiseConv2D is not a Conv2D, so the depthwise layers of MobileNetV2 stay trainable." name="trial3_all_but_depthwise" breaks="all layers"
def freeze_all(base):
    kinds = (keras.layers.Conv2D, keras.layers.BatchNormalization, keras.layers.Dense)
    for layer in base.layers:
        if isinstance(layer, kinds):
            layer.trainable = False
    return base
