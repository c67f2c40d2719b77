# %% wrong "The base as a whole is frozen and reports no trainable weight, but its last BatchNorm layer is set trainable again." name="trial1_last_norm_awake" breaks="BatchNorm"
def freeze_all(base):
    """Freezes a base."""
    base.trainable = False
    norms = [layer for layer in base.layers if isinstance(layer, keras.layers.BatchNormalization)]
    for layer in norms[-1:]:
        layer.trainable = True
    return base
