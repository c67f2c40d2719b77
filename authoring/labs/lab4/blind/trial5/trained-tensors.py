# %% wrong "Takes all variables of every trainable layer, so the states of the random generators in augmentation and Dropout are among them." name="trial5_generator_states_too" breaks="names"
def trained_tensors(model):
    return {
        f"{layer.name}/{variable.name}": weight_values(variable)
        for _, layer in leaf_layers(model)
        if layer.trainable
        for variable in layer.variables
    }


# %% right "Walks through the models with a queue of its own instead of leaf_layers, and keeps 16-bit numbers." name="trial5_queue_of_layers"
def trained_tensors(model):
    from collections import deque

    tensors = {}
    waiting = deque(model.layers)
    while waiting:
        layer = waiting.popleft()
        if isinstance(layer, keras.Model):
            waiting.extend(layer.layers)
            continue
        for variable in layer.trainable_variables:
            values = keras.ops.convert_to_numpy(variable.value)
            tensors["/".join((layer.name, variable.name))] = np.asarray(values, dtype="float16")
    return tensors
