# %% wrong "Recognises BatchNorm by the letters bn in a layer's name, so a BatchNorm layer with another name is unfrozen." name="trial1_batchnorm_by_name" breaks="BatchNorm"
def unfreeze_from(model, first):
    base = model.get_layer("base")
    base.trainable = True
    reached = False
    for layer in base.layers:
        reached = reached or layer.name == first
        layer.trainable = reached and "bn" not in layer.name.lower()
    return model
