# %% wrong "Spares BatchNorm, trusting that its statistics are none of training's business." name="all_but_batchnorm" breaks="MobileNetV2, which has BatchNorm" says="BatchNorm layers, which are to stay frozen" marks=2.0
import keras


def freeze_all(base):
    for layer in base.layers:
        layer.trainable = isinstance(layer, keras.layers.BatchNormalization)
    return base


# %% wrong "Freezes what is a Conv2D, and so neither depthwise convolutions nor BatchNorm." name="all_convolutions_only" breaks="MobileNetV2, which has BatchNorm" says="expected nothing to be" marks=2.0
import keras


def freeze_all(base):
    for layer in base.layers:
        if isinstance(layer, keras.layers.Conv2D):
            layer.trainable = False
    return base


# %% wrong "Sets the flags of a clone, to leave the base alone, and a clone begins with random weights." name="all_in_a_clone_without_weights" breaks="the base's own weights" says="hold other weights than the base's" marks=0.0
import keras


def freeze_all(base):
    copy = keras.models.clone_model(base)
    copy.trainable = False
    return copy


# %% wrong "Freezes by an attribute that does not exist; Python takes it, Keras never looks at it." name="all_misspelt" says="expected nothing to be" marks=0.0
def freeze_all(base):
    base.trainble = False
    return base


# %% wrong "Freezes the base, and returns nothing." name="all_not_returned" breaks="the base is returned" says="is there a return?" marks=0.0
def freeze_all(base):
    base.trainable = False


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
