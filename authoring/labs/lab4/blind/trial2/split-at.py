# %% wrong "The upper model ends in a ReLU that the base does not have." name="trial2_split_top_with_relu" breaks="top"
def split_at(base, first):
    between = base.get_layer(first).input
    bottom = keras.Model(base.input, between)
    top = keras.Model(between, keras.layers.ReLU()(base.output))
    return bottom, top

# %% right "Returns copies: both halves are cloned and given the weights of the base." name="trial2_split_clones_with_weights"
def split_at(base, first):
    def copy(half):
        twin = keras.models.clone_model(half)
        twin.set_weights(half.get_weights())
        return twin

    seam = base.get_layer(first).input
    ends = [(base.input, seam), (seam, base.output)]
    return tuple(copy(keras.Model(start, end)) for start, end in ends)
