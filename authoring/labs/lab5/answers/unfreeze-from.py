# %% wrong "Freezes BatchNorm first and then sets the whole base free, which undoes it." name="unfrozen_after_freezing_batchnorm" breaks="no BatchNorm moves" says="Set it last" marks=1.5
import keras


def unfreeze_from(model, first):
    base = model.get_layer("base")
    for layer in base.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
    base.trainable = True
    return model


# %% wrong "Recognises BatchNorm by the letters bn, which not every base writes." name="unfrozen_by_names_with_bn" breaks="no BatchNorm moves" marks=3.0
def unfreeze_from(model, first):
    base = model.get_layer("base")
    base.trainable, reached = True, False
    for layer in base.layers:
        reached = reached or layer.name == first
        layer.trainable = reached and "bn" not in layer.name.lower()
    return model


# %% wrong "Begins one layer too late." name="unfrozen_from_the_layer_after" breaks="what comes after moves, and the head" marks=3.5
import keras


def unfreeze_from(model, first):
    base = model.get_layer("base")
    base.trainable, reached = True, False
    for layer in base.layers:
        layer.trainable = reached and not isinstance(layer, keras.layers.BatchNormalization)
        reached = reached or layer.name == first
    return model


# %% wrong "Sets a name that Keras does not know, which is no error." name="unfrozen_nothing" says="no weight of the base has moved" marks=0
def unfreeze_from(model, first):
    for layer in model.get_layer("base").layers:
        layer.is_trainable = layer.name >= first
    return model


# %% wrong "Sets free everything from the layer on, BatchNorm too, and trusts training=False." name="unfrozen_with_batchnorm" breaks="no BatchNorm moves" says="BatchNorm has a switch of its own" marks=3.0
def unfreeze_from(model, first):
    base = model.get_layer("base")
    base.trainable = True
    names = [layer.name for layer in base.layers]
    for layer in base.layers[: names.index(first)]:
        layer.trainable = False
    return model


# %% wrong "Loops over the outer model, which already holds the new head." name="unfrozen_with_the_head_frozen" breaks="what comes after moves, and the head" says="not over a model that holds the head too" marks=3.5
import keras


def unfreeze_from(model, first):
    base = model.get_layer("base")
    for layer in model.layers:
        layer.trainable = layer is base
    names = [layer.name for layer in base.layers]
    for place, layer in enumerate(base.layers):
        norm = isinstance(layer, keras.layers.BatchNormalization)
        layer.trainable = place >= names.index(first) and not norm
    return model


# %% right "Works with positions, and freezes again what must stay." name="unfrozen_by_slices"
def unfreeze_from(model, first):
    base = model.get_layer("base")
    base.trainable = True
    start = next(place for place, layer in enumerate(base.layers) if layer.name == first)
    for layer in base.layers[:start]:
        layer.trainable = False
    for layer in base.layers:
        if type(layer).__name__ == "BatchNormalization":
            layer.trainable = False
    return model
