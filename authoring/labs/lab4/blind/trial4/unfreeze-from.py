# %% wrong "Recognises BatchNorm by the letters bn in the name, which batch_normalization_1 does not have." name="trial4_norm_by_two_letters" breaks="BatchNorm"
def unfreeze_from(base, first):
    """Unfreezes the top of a base."""
    base.trainable = True
    reached = False
    for layer in base.layers:
        reached = reached or layer.name == first
        layer.trainable = reached and "bn" not in layer.name.lower()
    return base


# %% wrong "Sets all flags as it should, and then moves one number of the base's last weight by its last bit." name="trial4_last_bit_of_last_weight" breaks="weights kept"
def unfreeze_from(base, first):
    """Unfreezes the top of a base."""
    base.trainable = True
    reached = False
    for layer in base.layers:
        reached = reached or layer.name == first
        layer.trainable = reached and not isinstance(layer, keras.layers.BatchNormalization)
    last = base.weights[-1]
    numbers = np.array(last)
    numbers.flat[-1] = np.nextafter(numbers.flat[-1], np.float32(np.inf))
    last.assign(numbers)
    return base
