# %% wrong "Works on a clone that gets the trainable weights alone, so BatchNorm's statistics are those of an untrained network." name="trial4_clone_without_statistics" breaks="base returned"
def train_only(base, block):
    """Makes one block of a base trainable, and nothing else."""
    twin = keras.models.clone_model(base)
    twin.trainable = True
    base.trainable = True
    for new, old in zip(twin.trainable_weights, base.trainable_weights):
        new.assign(old)
    for layer in twin.layers:
        is_norm = isinstance(layer, keras.layers.BatchNormalization)
        layer.trainable = layer.name.startswith(block + "_") and not is_norm
    return twin
