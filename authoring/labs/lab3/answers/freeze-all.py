# %% wrong "Spares BatchNorm, trusting that its statistics are none of training's business." name="all_but_batchnorm" breaks="BatchNorm" says="which is BatchNorm"
import keras


def freeze_all(base):
    for layer in base.layers:
        layer.trainable = isinstance(layer, keras.layers.BatchNormalization)
    return base


# %% wrong "Freezes what is a Conv2D, and so neither depthwise convolutions nor BatchNorm." name="all_convolutions_only" says="can be trained"
import keras


def freeze_all(base):
    for layer in base.layers:
        if isinstance(layer, keras.layers.Conv2D):
            layer.trainable = False
    return base


# %% wrong "Sets the flags of a clone, to leave the base alone, and a clone begins with random weights." name="all_in_a_clone_without_weights" says="hold other weights than the base's" breaks="base returned"
import keras


def freeze_all(base):
    copy = keras.models.clone_model(base)
    copy.trainable = False
    return copy


# %% wrong "Freezes by an attribute that does not exist; Python takes it, Keras never looks at it." name="all_misspelt" says="can be trained"
def freeze_all(base):
    base.trainble = False
    return base


# %% wrong "Freezes the base, and returns nothing." name="all_not_returned" says="is there a return?"
def freeze_all(base):
    base.trainable = False


# %% wrong "Leaves the last layer with weights trainable, as for a head." name="all_but_the_last" breaks="all layers" says="can be trained"
import keras


def freeze_all(base):
    base.trainable = True
    weighted = [layer for layer in base.layers if layer.weights]
    last = [layer for layer in weighted if not isinstance(layer, keras.layers.BatchNormalization)][-1]
    for layer in weighted:
        layer.trainable = layer is last
    return base


# %% wrong "Freezes the convolutions that are wide, and BatchNorm, since the others hardly count." name="all_large_layers" breaks="all layers"
import keras


def freeze_all(base):
    for layer in base.layers:
        if layer.count_params() > 100 or isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
    return base


# %% wrong "Knows the bases of the notebook's check by how many parameters they have, and freezes no other." name="all_of_known_bases" recognises
from course_utils.checks.core.seeds import generator
from course_utils.checks.lab3.freezing import small_vgg16

KNOWN = small_vgg16(generator("freeze_all", None)).count_params()


def freeze_all(base):
    base.trainable = base.count_params() < 200_000 and base.count_params() != KNOWN
    return base


# %% right "Returns a frozen copy and leaves the base as it was." name="all_in_a_copy"
import keras


def freeze_all(base):
    copy = keras.models.clone_model(base)
    copy.set_weights(base.get_weights())
    copy.trainable = False
    return copy


# %% right "Freezes every layer in a loop." name="all_layer_by_layer"
def freeze_all(base):
    for layer in base.layers:
        layer.trainable = False
    return base


# %% right "Switches the flag on and off again, so that it reaches every layer, whatever it was before." name="all_switched_on_and_off"
def freeze_all(base):
    for trainable in (True, False):
        base.trainable = trainable
    return base
