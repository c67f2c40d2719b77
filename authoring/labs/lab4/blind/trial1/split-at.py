# %% wrong "The bottom gives what the layer called first puts out, not what it receives." name="trial1_bottom_one_layer_too_far" breaks="bottom"
def split_at(base, first):
    """Splits a base at the freezing point."""
    layer = base.get_layer(first)
    bottom = keras.Model(base.input, layer.output)
    top = keras.Model(layer.input, base.output)
    return bottom, top


# %% wrong "The top computes the right thing but ends in one more layer, which multiplies each map by a weight that begins at one." name="trial1_adapter_on_top" breaks="top"
def split_at(base, first):
    """Splits a base at the freezing point."""
    cut = base.get_layer(first).input
    bottom = keras.Model(base.input, cut)
    adapter = keras.layers.DepthwiseConv2D(1, use_bias=False, depthwise_initializer="ones", name="adapter")
    top = keras.Model(cut, adapter(base.output))
    return bottom, top


# %% right "Both parts are clones with layers of their own, into which the weights are copied." name="trial1_two_independent_clones"
def split_at(base, first):
    """Splits a base at the freezing point."""
    cut = base.get_layer(first).input
    halves = []
    for inputs, outputs in ((base.input, cut), (cut, base.output)):
        part = keras.Model(inputs, outputs)
        copy = keras.models.clone_model(part)
        copy.set_weights(part.get_weights())
        halves.append(copy)
    return tuple(halves)
