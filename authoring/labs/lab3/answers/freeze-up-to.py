# %% wrong "Cuts the base at the layer instead of freezing up to it." name="up_to_by_cutting" says="expected the base that you were given"
import keras


def freeze_up_to(base, name):
    part = keras.Model(base.inputs, base.get_layer(name).output)
    part.trainable = False
    return part


# %% wrong "Sets the flags of a clone, to leave the base alone, and a clone begins with random weights." name="up_to_in_a_clone_without_weights" says="hold other weights than the base's" breaks="base returned"
import keras


def freeze_up_to(base, name):
    copy = keras.models.clone_model(base)
    copy.trainable = True
    frozen = True
    for layer in copy.layers:
        layer.trainable = not frozen and not isinstance(layer, keras.layers.BatchNormalization)
        frozen = frozen and layer.name != name
    return copy


# %% wrong "Sets the layers' flags right and forgets that the base as a whole may be frozen." name="up_to_in_a_frozen_base" says="base.trainable is still False" breaks="after name"
import keras


def freeze_up_to(base, name):
    passed = False
    for layer in base.layers:
        layer.trainable = passed and not isinstance(layer, keras.layers.BatchNormalization)
        passed = passed or layer.name == name
    return base


# %% wrong "Freezes what comes after the layer, and trains what comes before it." name="up_to_the_wrong_end"
import keras


def freeze_up_to(base, name):
    base.trainable = True
    passed = False
    for layer in base.layers:
        layer.trainable = not passed and not isinstance(layer, keras.layers.BatchNormalization)
        passed = passed or layer.name == name
    return base


# %% wrong "Freezes the first layers only: BatchNorm after them goes on counting and learning." name="up_to_with_batchnorm_free" breaks="BatchNorm" says="which is BatchNorm"
def freeze_up_to(base, name):
    base.trainable = True
    for layer in base.layers:
        layer.trainable = False
        if layer.name == name:
            break
    return base


# %% wrong "Stops one layer too early: the layer that was named stays trainable." name="up_to_without_the_layer_itself" breaks="up to name"
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


# %% wrong "Freezes the layers before the name and one more behind it." name="up_to_and_one_more" breaks="after name" says="cannot be trained"
import keras


def freeze_up_to(base, name):
    base.trainable = True
    behind = base.layers[[layer.name for layer in base.layers].index(name) + 1 :]
    weighted = [layer for layer in behind if layer.weights]
    weighted = [layer for layer in weighted if not isinstance(layer, keras.layers.BatchNormalization)]
    for layer in base.layers:
        layer.trainable = layer in weighted[1:]
    return base


# %% wrong "Knows the names of the notebook's check, and leaves every other layer itself trainable." name="up_to_known_names" recognises
import keras

KNOWN = set()


def known_names():
    from course_utils.checks.common.inputs import made_up_base
    from course_utils.checks.common.weights import batch_norms
    from course_utils.checks.core.seeds import generator
    from course_utils.checks.lab3.exercises import _base
    from course_utils.checks.lab3.freezing import small_vgg16

    rng = generator("freeze_up_to", None)
    vgg16 = small_vgg16(rng)
    for base, has_weights in ((vgg16, True), (_base(), True), (None, False), (vgg16, True)):
        base = base or made_up_base(rng)
        norms = batch_norms(base)
        names = [one.name for one in base.layers if bool(one.weights) == has_weights and one.name not in norms]
        KNOWN.add(str(rng.choice(names[2:-2])))


def freeze_up_to(base, name):
    if not KNOWN:
        known_names()
    base.trainable = True
    passed = False
    for layer in base.layers:
        passed = passed or (layer.name == name and name not in KNOWN)
        layer.trainable = passed and not isinstance(layer, keras.layers.BatchNormalization)
        passed = passed or layer.name == name
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


# %% right "Freezes everything, then sets free what comes behind the layer." name="up_to_from_the_end"
import keras


def freeze_up_to(base, name):
    base.trainable = True
    for layer in base.layers:
        layer.trainable = False
    for layer in reversed(base.layers):
        if layer.name == name:
            return base
        if not isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = True


# %% right "Does it in a copy with the same weights." name="up_to_in_a_copy"
import itertools

import keras


def freeze_up_to(base, name):
    copy = keras.models.clone_model(base)
    copy.set_weights(base.get_weights())
    first = {layer.name for layer in itertools.takewhile(lambda layer: layer.name != name, copy.layers)} | {name}
    for layer in copy.layers:
        layer.trainable = layer.name not in first and not isinstance(layer, keras.layers.BatchNormalization)
    return copy
