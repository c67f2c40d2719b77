# %% wrong "Layers without weights are skipped before their name is looked at, so after a pooling or activation layer nothing is ever unfrozen." name="trial1_skips_weightless_layers" breaks="after name"
def freeze_up_to(base, name):
    """Freezes the first part of a base."""
    base.trainable = True
    passed = False
    for layer in base.layers:
        if not layer.weights:
            continue  # nothing in it to freeze
        layer.trainable = passed and not isinstance(layer, keras.layers.BatchNormalization)
        if layer.name == name:
            passed = True
    return base


# %% right "No loop variable: the layers after the named one come from a cumulative sum over an array of hits." name="trial1_cumulative_sum_of_hits"
def freeze_up_to(base, name):
    """Freezes the first part of a base."""
    hits = np.array([layer.name == name for layer in base.layers], dtype=int)
    norms = np.array([isinstance(layer, keras.layers.BatchNormalization) for layer in base.layers])
    wanted = (np.cumsum(hits) - hits > 0) & ~norms
    base.trainable = True
    for layer, flag in zip(base.layers, wanted.tolist()):
        layer.trainable = flag
    return base
