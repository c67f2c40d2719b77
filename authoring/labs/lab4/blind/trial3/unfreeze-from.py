# %% wrong "It works on a copy so that the caller keeps the original, but clone_model copies the layers with new random weights." name="trial3_unfreeze_fresh_copy" breaks="weights kept"
def unfreeze_from(base, first):
    opened = keras.models.clone_model(base)
    opened.trainable = True
    reached = False
    for layer in opened.layers:
        reached = reached or layer.name == first
        layer.trainable = reached and not isinstance(layer, keras.layers.BatchNormalization)
    return opened


# %% wrong "From the first layer on, each BatchNorm stays switched on with its gamma and beta switched off: it lists no trainable weight, but its statistics move." name="trial3_unfreeze_norm_statistics" breaks="BatchNorm"
def unfreeze_from(base, first):
    base.trainable = True
    reached = False
    for layer in base.layers:
        reached = reached or layer.name == first
        layer.trainable = reached
        if reached and isinstance(layer, keras.layers.BatchNormalization):
            for variable in layer.weights:
                variable.trainable = False
    return base
