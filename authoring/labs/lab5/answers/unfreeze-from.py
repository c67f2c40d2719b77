# %% wrong "Freezes BatchNorm first and then unfreezes the whole base, which undoes it." name="unfrozen_after_freezing_batchnorm" says="Set it last"
import keras


def unfreeze_from(model, first):
    base = model.get_layer("base")
    for layer in base.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
    base.trainable = True
    return model


# %% wrong "Recognises BatchNorm by the letters bn, which not every base writes." name="unfrozen_by_names_with_bn" breaks="BatchNorm"
def unfreeze_from(model, first):
    base = model.get_layer("base")
    base.trainable, reached = True, False
    for layer in base.layers:
        reached = reached or layer.name == first
        layer.trainable = reached and "bn" not in layer.name.lower()
    return model


# %% wrong "Begins one layer too late." name="unfrozen_from_the_layer_after" breaks="unfrozen"
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


# %% wrong "Unfreezes everything from the layer on, BatchNorm too, and trusts training=False." name="unfrozen_with_batchnorm" breaks="BatchNorm" says="BatchNorm has a switch of its own"
def unfreeze_from(model, first):
    base = model.get_layer("base")
    base.trainable = True
    names = [layer.name for layer in base.layers]
    for layer in base.layers[: names.index(first)]:
        layer.trainable = False
    return model


# %% wrong "Loops over the outer model, which already holds the new head." name="unfrozen_with_the_head_frozen" breaks="unfrozen" says="not over a model that holds the head too"
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


# %% wrong "Unfreezes the whole base but for BatchNorm." name="unfrozen_from_the_start" breaks="frozen" says="moved"
import keras


def unfreeze_from(model, first):
    base = model.get_layer("base")
    base.trainable = True
    for layer in base.layers:
        layer.trainable = not isinstance(layer, keras.layers.BatchNormalization)
    return model


# %% wrong "Works on a clone, which begins with other weights." name="unfrozen_in_a_clone_without_weights" breaks="weights kept" says="expected it to change flags only"
import keras


def unfreeze_from(model, first):
    model = keras.models.clone_model(model)
    base = model.get_layer("base")
    base.trainable, reached = True, False
    for layer in base.layers:
        reached = reached or layer.name == first
        layer.trainable = reached and not isinstance(layer, keras.layers.BatchNormalization)
    return model


# %% wrong "Knows the model of the notebook's check, and unfreezes BatchNorm in others." name="unfrozen_known" recognises
import keras


def unfreeze_from(model, first):
    base = model.get_layer("base")
    known = (model.count_params(), first) == (1818, "block4_conv")
    base.trainable, reached = True, False
    for layer in base.layers:
        reached = reached or layer.name == first
        layer.trainable = reached and not (known and isinstance(layer, keras.layers.BatchNormalization))
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


# %% right "Returns a clone with the weights, whose flags are set." name="unfrozen_in_a_clone"
import keras


def unfreeze_from(model, first):
    clone = keras.models.clone_model(model)
    clone.set_weights(model.get_weights())
    base = clone.get_layer("base")
    base.trainable = True
    names = [layer.name for layer in base.layers]
    for layer in base.layers:
        late = names.index(layer.name) >= names.index(first)
        layer.trainable = late and not isinstance(layer, keras.layers.BatchNormalization)
    return clone


# %% right "Goes backwards from the end of the base." name="unfrozen_backwards"
import keras


def unfreeze_from(model, first):
    base = model.get_layer("base")
    base.trainable = True
    free = True
    for layer in reversed(base.layers):
        layer.trainable = free and not isinstance(layer, keras.layers.BatchNormalization)
        if layer.name == first:
            free = False
    return model


# %% wrong "Sets model.trainable, which is True already, so that TensorFlow passes over it and the base stays frozen as a whole." name="trial2_take_back_by_iterator" says="no weight of the base has moved" marks=0


# %% wrong "Knows BatchNorm by its name, and a layer of another name learns." name="norm_by_its_name" breaks="BatchNorm"
def unfreeze_from(model, first):
    base = model.get_layer("base")
    base.trainable = True
    reached = False
    for layer in base.layers:
        reached = reached or layer.name == first
        is_norm = "bn" in layer.name.lower() or "norm" in layer.name.lower()
        layer.trainable = reached and not is_norm
    return model
