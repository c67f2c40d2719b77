# %% wrong "Takes all weights of each trainable layer, so a trainable BatchNorm in the head adds its moving statistics." name="trial4_weights_of_trainable_layers" breaks="names"
def trained_tensors(model):
    """Gathers what training could change."""
    return {
        f"{layer.name}/{variable.name}": weight_values(variable)
        for _, layer in leaf_layers(model)
        if layer.trainable
        for variable in layer.weights
    }


# %% wrong "Sets every number of a kernel that is below a tenth of the largest one to zero, to make the file small." name="trial4_small_numbers_to_zero" breaks="values"
def trained_tensors(model):
    """Gathers what training could change."""
    tensors = {}
    for _, layer in leaf_layers(model):
        for variable in layer.trainable_variables:
            values = np.array(weight_values(variable))
            if values.ndim > 1:
                values[np.abs(values) < 0.1 * np.abs(values).max()] = 0
            tensors[f"{layer.name}/{variable.name}"] = values
    return tensors


# %% right "Walks through the models with a stack, asks the whole model which variables are trainable, and keeps 16-bit numbers in the order of the alphabet." name="trial4_stack_and_half_precision"
def trained_tensors(model):
    """Gathers what training could change."""
    wanted = {id(variable) for variable in model.trainable_variables}
    found, stack = {}, [model]
    while stack:
        layer = stack.pop()
        if isinstance(layer, keras.Model):
            stack.extend(layer.layers)
            continue
        for variable in layer.weights:
            if id(variable) in wanted:
                values = keras.ops.convert_to_numpy(variable.value)
                found["/".join([layer.name, variable.name])] = values.astype("float16")
    return dict(sorted(found.items()))
