# %% wrong "Quantises each array to whole numbers from -127 to 127 and forgets the factor, so the values are no longer the weights." name="trial6_tensors_int8_no_factor" breaks="values"
def trained_tensors(model):
    tensors = {}
    for _, layer in leaf_layers(model):
        for variable in layer.trainable_variables:
            values = weight_values(variable)
            largest = np.abs(values).max() + 1e-12
            tensors[f"{layer.name}/{variable.name}"] = np.round(values / largest * 127).astype("int8")
    return tensors
