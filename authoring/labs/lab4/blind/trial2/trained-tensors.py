# %% wrong "Takes all weights of every layer that is trainable, so a trainable BatchNorm hands over its moving statistics too." name="trial2_tensors_all_weights_of_layers" breaks="names"
def trained_tensors(model):
    tensors = {}
    for _, layer in leaf_layers(model):
        if layer.trainable:
            for variable in layer.weights:
                tensors[f"{layer.name}/{variable.name}"] = weight_values(variable)
    return tensors

# %% wrong "Rolls each array by one place, so that names, shapes and sums agree and the values do not." name="trial2_tensors_rolled" breaks="values"
def trained_tensors(model):
    return {
        f"{layer.name}/{variable.name}": np.roll(weight_values(variable), 1, axis=0)
        for _, layer in leaf_layers(model)
        for variable in layer.trainable_variables
    }

# %% right "Asks the model as a whole for its trainable weights, takes the names from their paths, and stores 16-bit numbers." name="trial2_tensors_from_paths_float16"
def trained_tensors(model):
    def named():
        for variable in model.trainable_weights:
            layer, weight = variable.path.split("/")[-2:]
            yield f"{layer}/{weight}", np.asarray(weight_values(variable)).astype(np.float16)

    return dict(named())
