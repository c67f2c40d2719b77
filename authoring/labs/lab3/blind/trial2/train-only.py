# %% wrong "It recognises BatchNorm by names that end in bn in lower case, but MobileNetV2 writes BN, so the BatchNorm layers of the block are trainable." name="trial2_train_only_bn_lower_case" breaks="BatchNorm"
def train_only(base, block):
    base.trainable = True
    for layer in base.layers:
        in_block = layer.name.startswith(block + "_")
        norm = layer.name.endswith("bn")
        layer.trainable = in_block and not norm
    return base
