# %% wrong "The layers after the name carry the flag trainable, but their kernels are switched off one by one, so that they are frozen." name="trial3_up_to_flags_only" breaks="after name"
def freeze_up_to(base, name):
    base.trainable = True
    passed = False
    for layer in base.layers:
        layer.trainable = passed and not isinstance(layer, keras.layers.BatchNormalization)
        if layer.trainable:
            for variable in layer.weights:
                if variable.name != "bias":
                    variable.trainable = False
        if layer.name == name:
            passed = True
    return base
