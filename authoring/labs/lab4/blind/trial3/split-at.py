# %% wrong "The upper half is a copy into which only the trainable weights are carried, so the statistics of BatchNorm, and all of a frozen layer, are new." name="trial3_split_lost_statistics" breaks="top"
def split_at(base, first):
    middle = base.get_layer(first).input
    bottom = keras.Model(base.input, middle)
    upper = keras.Model(middle, base.output)
    top = keras.models.clone_model(upper)
    for new, old in zip(top.trainable_weights, upper.trainable_weights):
        new.assign(old)
    return bottom, top


# %% right "Both halves are copies: each is cut out, cloned, and given the weights layer by layer." name="trial3_split_two_copies"
def split_at(base, first):
    middle = base.get_layer(first).input
    halves = []
    for source, goal in ((base.inputs[0], middle), (middle, base.outputs[0])):
        part = keras.Model(source, goal)
        copy = keras.models.clone_model(part)
        for layer in copy.layers:
            if layer.weights:
                layer.set_weights(base.get_layer(layer.name).get_weights())
        halves.append(copy)
    return tuple(halves)
