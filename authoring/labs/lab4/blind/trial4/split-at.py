# %% wrong "The top is a clone that gets the trainable weights alone: no BatchNorm statistics, and nothing at all from a frozen base." name="trial4_top_gets_trainable_alone" breaks="top"
def split_at(base, first):
    """Splits a base at the freezing point."""
    middle = base.get_layer(first).input
    bottom = keras.Model(base.input, middle)
    upper = keras.Model(middle, base.output)
    top = keras.models.clone_model(upper)
    for new, old in zip(top.trainable_variables, upper.trainable_variables):
        new.assign(old)
    return bottom, top


# %% right "Both parts are clones with the weights copied, so neither shares a layer with the base." name="trial4_two_clones_with_weights"
def split_at(base, first):
    """Splits a base at the freezing point."""
    middle = base.get_layer(first).input

    def twin(inputs, outputs):
        part = keras.Model(inputs, outputs)
        copy = keras.models.clone_model(part)
        copy.set_weights(part.get_weights())
        return copy

    return tuple(twin(*ends) for ends in [(base.input, middle), (middle, base.output)])
