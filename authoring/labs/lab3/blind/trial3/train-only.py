# %% wrong "It takes the first two parts of a name for the block, which is so in MobileNetV2 but never in VGG16, where block5_conv1 then belongs to no block and all is frozen." name="trial3_only_two_parts" breaks="the block"
def train_only(base, block):
    base.trainable = True
    for layer in base.layers:
        inside = "_".join(layer.name.split("_")[:2]) == block
        layer.trainable = inside and not isinstance(layer, keras.layers.BatchNormalization)
    return base


# %% right "It makes a mask over all names with np.char and hands the flags out from that array." name="trial3_only_by_mask"
def train_only(base, block):
    layers = list(base.layers)
    names = np.array([layer.name for layer in layers])
    norms = np.array([isinstance(layer, keras.layers.BatchNormalization) for layer in layers])
    wanted = np.char.startswith(names, f"{block}_") & ~norms
    base.trainable = True
    for layer, flag in zip(layers, wanted.tolist()):
        layer.trainable = flag
    return base
