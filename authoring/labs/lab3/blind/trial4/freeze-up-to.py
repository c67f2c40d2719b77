# %% wrong "Freezes every BatchNorm layer but the last one, which learns and keeps moving its statistics." name="trial4_last_norm_left" breaks="BatchNorm"
def freeze_up_to(base, name):
    """Freezes the first part of a base."""
    base.trainable = True
    passed = False
    for layer in base.layers:
        layer.trainable = passed
        if layer.name == name:
            passed = True
    norms = [layer for layer in base.layers if isinstance(layer, keras.layers.BatchNormalization)]
    for layer in norms:
        layer.trainable = False
    if norms:
        norms[-1].trainable = True
    return base


# %% right "Computes all flags at once as a NumPy array, and then hands them out." name="trial4_flags_in_numpy"
def freeze_up_to(base, name):
    """Freezes the first part of a base."""
    names = [layer.name for layer in base.layers]
    after = np.arange(len(names)) > names.index(name)
    norms = np.array([isinstance(layer, keras.layers.BatchNormalization) for layer in base.layers])
    base.trainable = True
    for layer, free in zip(base.layers, after & ~norms):
        layer.trainable = bool(free)
    return base
