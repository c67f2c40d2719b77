# %% wrong "In every weight with several output channels the first two channels have changed places." name="trial1_two_channels_swapped" breaks="values"
def trained_tensors(model):
    """Gathers what training could change."""
    tensors = {}
    for _, layer in leaf_layers(model):
        for variable in layer.trainable_variables:
            value = np.array(weight_values(variable))
            if value.ndim > 1 and value.shape[-1] > 1:
                value[..., [0, 1]] = value[..., [1, 0]]
            tensors[f"{layer.name}/{variable.name}"] = value
    return tensors


# %% right "It goes through the model's own list of trainable variables, finds each one's layer by identity, and keeps 16-bit numbers." name="trial1_owners_by_identity"
def trained_tensors(model):
    """Gathers what training could change."""
    owner = {id(variable): layer.name for _, layer in leaf_layers(model) for variable in layer.variables}
    return {
        "/".join((owner[id(variable)], variable.name)): np.asarray(weight_values(variable)).astype(np.float16)
        for variable in model.trainable_variables
    }
