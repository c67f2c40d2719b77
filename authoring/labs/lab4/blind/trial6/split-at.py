# %% wrong "Returns a clone of the lower part without copying the weights, so that the bottom is random." name="trial6_split_bottom_clone_random" breaks="bottom"
def split_at(base, first):
    received = base.get_layer(first).input
    bottom = keras.models.clone_model(keras.Model(base.input, received))
    bottom.trainable = False
    top = keras.Model(received, base.output)
    return bottom, top


# %% wrong "Calls the upper layers one after the other, and gives every Add the same tensor twice in place of the shortcut." name="trial6_split_top_add_itself" breaks="top"
def split_at(base, first):
    start = [layer.name for layer in base.layers].index(first)
    received = base.get_layer(first).input
    bottom = keras.Model(base.input, received)
    inputs = keras.Input(received.shape[1:])
    x = inputs
    for layer in base.layers[start:]:
        x = layer([x, x]) if isinstance(layer, keras.layers.Add) else layer(x)
    top = keras.Model(inputs, x)
    return bottom, top


# %% right "Returns clones of both parts, and copies the weights into them layer by layer, by name." name="trial6_split_clones_by_name"
def split_at(base, first):
    received = base.get_layer(first).input
    parts = []
    for begin, end in [(base.input, received), (received, base.output)]:
        copy = keras.models.clone_model(keras.Model(begin, end))
        for layer in copy.layers:
            if layer.weights:
                layer.set_weights(base.get_layer(layer.name).get_weights())
        parts.append(copy)
    bottom, top = parts
    return bottom, top
