# %% wrong "It only ever freezes: the layers after the name keep the flag they came with, so those of a frozen base stay frozen." name="trial2_up_to_never_unfreezes" breaks="after name"
def freeze_up_to(base, name):
    passed = False
    for layer in base.layers:
        if not passed or isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
        if layer.name == name:
            passed = True
    return base

# %% right "It works with positions and slices instead of a variable in a loop, and freezes a list that is put together." name="trial2_up_to_by_slices"
def freeze_up_to(base, name):
    end = base.layers.index(base.get_layer(name)) + 1
    norms = list(filter(lambda layer: isinstance(layer, keras.layers.BatchNormalization), base.layers))
    base.trainable = True
    for layer in base.layers[:end] + norms:
        setattr(layer, "trainable", False)
    return base
