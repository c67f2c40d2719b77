# %% wrong "It recognises BatchNorm by a name that ends in _bn, but MobileNetV2's end in _BN, so those of the block are trainable." name="trial6_bn_lower_case" breaks="BatchNorm"
def train_only(base, block):
    """Makes one block of a base trainable, and nothing else."""
    base.trainable = True
    for layer in base.layers:
        in_block = layer.name.startswith(block + "_")
        is_norm = layer.name.endswith("_bn")
        layer.trainable = in_block and not is_norm
    return base
