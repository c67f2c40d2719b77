# %% wrong "It takes a base that came frozen for done and returns it at once, so nothing after the layer is trainable." name="trial6_frozen_means_done" breaks="after name"
def freeze_up_to(base, name):
    """Freezes the first part of a base."""
    if not base.trainable:
        return base
    base.trainable = True
    frozen = True
    for layer in base.layers:
        layer.trainable = not frozen and not isinstance(layer, keras.layers.BatchNormalization)
        if layer.name == name:
            frozen = False
    return base


# %% right "It finds the layers after the named one with a cumulative sum over an array of names." name="trial6_cumulative_sum"
def freeze_up_to(base, name):
    """Freezes the first part of a base."""
    is_named = np.array([layer.name == name for layer in base.layers], dtype=int)
    is_norm = np.array([isinstance(layer, keras.layers.BatchNormalization) for layer in base.layers], dtype=bool)
    # The sum counts the named layer itself too; taking it away again leaves 0 up to it and 1 after it.
    after = (np.cumsum(is_named) - is_named) > 0
    base.trainable = True
    for layer, flag in zip(base.layers, (after & ~is_norm).tolist()):
        layer.trainable = flag
    return base
