# %% wrong "Cuts the base at the layer instead of freezing up to it." name="up_to_by_cutting" breaks="the whole base is returned" says="expected the base that you were given" marks=0.0
import keras


def freeze_up_to(base, name):
    part = keras.Model(base.inputs, base.get_layer(name).output)
    part.trainable = False
    return part


# %% wrong "Sets the flags of a clone, to leave the base alone, and a clone begins with random weights." name="up_to_in_a_clone_without_weights" breaks="the base's own weights" says="hold other weights than the base's" marks=0.0
import keras


def freeze_up_to(base, name):
    copy = keras.models.clone_model(base)
    copy.trainable = True
    frozen = True
    for layer in copy.layers:
        layer.trainable = not frozen and not isinstance(layer, keras.layers.BatchNormalization)
        frozen = frozen and layer.name != name
    return copy


# %% wrong "Sets the layers' flags right and forgets that the base as a whole may be frozen." name="up_to_in_a_frozen_base" breaks="a base that comes frozen" says="base.trainable is still False" marks=7.0
import keras


def freeze_up_to(base, name):
    passed = False
    for layer in base.layers:
        layer.trainable = passed and not isinstance(layer, keras.layers.BatchNormalization)
        passed = passed or layer.name == name
    return base


# %% wrong "Freezes what comes after the layer, and trains what comes before it." name="up_to_the_wrong_end" marks=0.0
import keras


def freeze_up_to(base, name):
    base.trainable = True
    passed = False
    for layer in base.layers:
        layer.trainable = not passed and not isinstance(layer, keras.layers.BatchNormalization)
        passed = passed or layer.name == name
    return base


# %% wrong "Freezes the first layers only: BatchNorm after them goes on counting and learning." name="up_to_with_batchnorm_free" breaks="MobileNetV2, whose BatchNorm stays frozen" says="BatchNorm layers, which are to stay frozen" marks=6.5
def freeze_up_to(base, name):
    base.trainable = True
    for layer in base.layers:
        layer.trainable = False
        if layer.name == name:
            break
    return base


# %% wrong "Stops one layer too early: the layer that was named stays trainable." name="up_to_without_the_layer_itself" breaks="the layer itself is frozen too" marks=0.0
import keras


def freeze_up_to(base, name):
    base.trainable = True
    for layer in base.layers:
        if layer.name == name:
            break
        layer.trainable = False
    for layer in base.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
    return base


# %% right "Looks the layer's position up, and slices the list of layers." name="up_to_by_position"
import keras


def freeze_up_to(base, name):
    base.trainable = True
    end = [layer.name for layer in base.layers].index(name) + 1
    norms = [layer for layer in base.layers if isinstance(layer, keras.layers.BatchNormalization)]
    for layer in base.layers[:end] + norms:
        layer.trainable = False
    return base
