# %% wrong "It goes through the layers of the outer model only, so all trained weights of the base fall under the name of the base and overwrite each other." name="trial3_tensors_outer_names" breaks="names"
def trained_tensors(model):
    return {
        f"{layer.name}/{variable.name}": weight_values(variable)
        for layer in model.layers
        for variable in layer.trainable_variables
    }


# %% wrong "Each array is turned round along all its axes: name, shape, mean and norm are right, the values are in the wrong places." name="trial3_tensors_flipped" breaks="values"
def trained_tensors(model):
    return {
        f"{layer.name}/{variable.name}": np.ascontiguousarray(np.flip(weight_values(variable)))
        for _, layer in leaf_layers(model)
        for variable in layer.trainable_variables
    }


# %% right "It walks through the models with a stack of its own, without leaf_layers, and stores 16-bit numbers." name="trial3_tensors_half_precision"
def trained_tensors(model):
    from collections import deque

    waiting, found = deque([model]), {}
    while waiting:
        layer = waiting.popleft()
        if isinstance(layer, keras.Model):
            waiting.extend(layer.layers)
            continue
        for variable in layer.trainable_variables:
            values = keras.ops.convert_to_numpy(keras.ops.cast(variable.value, "float32"))
            found[f"{layer.name}/{variable.name}"] = values.astype(np.float16)
    return found
