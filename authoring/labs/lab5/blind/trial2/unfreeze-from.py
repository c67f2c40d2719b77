# %% wrong "Recognises BatchNorm by its name, so layers of another name are trained." name="trial2_batchnorm_by_name" breaks="BatchNorm"
def unfreeze_from(model, first):
    base = model.get_layer("base")
    base.trainable = True
    reached = False
    for layer in base.layers:
        reached = reached or layer.name == first
        is_norm = "bn" in layer.name.lower() or "batch_norm" in layer.name.lower()
        layer.trainable = reached and not is_norm
    return model


# %% right "Sets everything trainable and then takes it back, with an iterator that remembers where it stands." name="trial2_take_back_by_iterator"
from itertools import takewhile


def unfreeze_from(model, first):
    base = model.get_layer("base")
    base.get_layer(first)  # complains about an unknown name
    model.trainable = True
    for layer in takewhile(lambda layer: layer.name != first, base.layers):
        layer.trainable = False
    for layer in [*base.layers, *model.layers]:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
    return model
