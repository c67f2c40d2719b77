# %% wrong "Only layers of the class Conv2D are made trainable, which a DepthwiseConv2D is not, so the block's depthwise layers stay frozen." name="trial1_forgets_depthwise" breaks="the block"
def train_only(base, block):
    """Makes one block of a base trainable, and nothing else."""
    base.trainable = True
    for layer in base.layers:
        layer.trainable = isinstance(layer, keras.layers.Conv2D) and layer.name.startswith(f"{block}_")
    return base
