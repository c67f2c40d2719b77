# %% wrong "BatchNorm's gamma and beta are frozen one by one, but from the first layer on the layers themselves stay trainable, so their statistics move." name="trial3_gamma_and_beta_only" breaks="BatchNorm"
def unfreeze_from(model, first):
    base = model.get_layer("base")
    base.trainable = True
    started = False
    for layer in base.layers:
        started = started or layer.name == first
        layer.trainable = started
        if started and isinstance(layer, keras.layers.BatchNormalization):
            for variable in (layer.gamma, layer.beta):
                if variable is not None:
                    variable.trainable = False
    return model
