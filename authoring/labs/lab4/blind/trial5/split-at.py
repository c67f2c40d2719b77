# %% wrong "Chains the upper layers one after the other and gives a layer that adds the same tensor twice, so the shortcuts are lost." name="trial5_shortcuts_add_to_themselves" breaks="top"
def split_at(base, first):
    received = base.get_layer(first).input
    bottom = keras.Model(base.input, received)
    start = [layer.name for layer in base.layers].index(first)
    inputs = keras.Input(received.shape[1:])
    x = inputs
    for layer in base.layers[start:]:
        if isinstance(layer.input, list):
            x = layer([x] * len(layer.input))
        else:
            x = layer(x)
    return bottom, keras.Model(inputs, x)


# %% right "Cuts a clone of the base into which all weights were copied, and leaves the base itself untouched." name="trial5_cut_a_copy"
def split_at(base, first):
    copy = keras.models.clone_model(base)
    copy.set_weights(base.get_weights())
    border = copy.get_layer(first).input
    ends = [(copy.input, border), (border, copy.output)]
    bottom, top = (keras.Model(begin, end) for begin, end in ends)
    return bottom, top
