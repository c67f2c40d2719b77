# %% wrong "Freezes before first only the Conv2D and BatchNorm layers, so that depthwise convolutions and all others there stay trainable." name="trial6_unfreeze_only_conv2d_frozen" breaks="frozen"
def unfreeze_from(base, first):
    base.trainable = True
    reached = False
    for layer in base.layers:
        reached = reached or layer.name == first
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
        elif isinstance(layer, keras.layers.Conv2D) and not reached:
            layer.trainable = False
    return base


# %% right "Computes the flags of all layers as one NumPy array, then finds BatchNorm with a stack that also opens models inside." name="trial6_unfreeze_numpy_flags"
def unfreeze_from(base, first):
    names = np.array([layer.name for layer in base.layers])
    flags = np.arange(len(names)) >= np.flatnonzero(names == first)[0]
    base.trainable = True
    for layer, flag in zip(base.layers, flags.tolist(), strict=True):
        layer.trainable = flag
    stack = list(base.layers)
    while stack:
        layer = stack.pop()
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
        elif isinstance(layer, keras.Model):
            stack.extend(layer.layers)
    return base
