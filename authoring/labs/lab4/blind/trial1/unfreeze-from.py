# %% wrong "BatchNorm is recognised by the letters bn in a layer's name, so a layer called batch_normalization is unfrozen with the rest." name="trial1_norm_by_its_name" breaks="BatchNorm"
def unfreeze_from(base, first):
    """Unfreezes the top of a base."""
    base.trainable = True
    reached = False
    for layer in base.layers:
        reached = reached or layer.name == first
        layer.trainable = reached and "bn" not in layer.name.lower()
    return base


# %% wrong "The flags are right, but the weights of the unfrozen layers are rounded to 16 bits on the way." name="trial1_rounded_to_half" breaks="weights kept"
def unfreeze_from(base, first):
    """Unfreezes the top of a base."""
    base.trainable = True
    reached = False
    for layer in base.layers:
        reached = reached or layer.name == first
        layer.trainable = reached and not isinstance(layer, keras.layers.BatchNormalization)
        for variable in layer.trainable_variables:
            value = keras.ops.convert_to_numpy(variable)
            variable.assign(value.astype("float16").astype(value.dtype))
    return base
