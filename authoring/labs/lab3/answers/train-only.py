# %% wrong "Takes every layer whose name begins with the block's, so block_10 to block_13 count as block_1." name="only_by_prefix" breaks="block_1 of MobileNetV2, which is not block_10" says="block_10_" marks=6.5
import keras


def train_only(base, block):
    base.trainable = True
    for layer in base.layers:
        norm = isinstance(layer, keras.layers.BatchNormalization)
        layer.trainable = layer.name.startswith(block) and not norm
    return base


# %% wrong "Sets the flags of a clone, to leave the base alone, and a clone begins with random weights." name="only_in_a_clone_without_weights" breaks="the base's own weights" says="hold other weights than the base's" marks=0.0
import keras


def train_only(base, block):
    copy = keras.models.clone_model(base)
    copy.trainable = True
    for layer in copy.layers:
        inside = layer.name.startswith(f"{block}_")
        layer.trainable = inside and not isinstance(layer, keras.layers.BatchNormalization)
    return copy


# %% wrong "Freezes the base first and then sets flags inside it: nothing is trainable at all." name="only_that_unfreezes_nothing" breaks="the block is trainable" says="base.trainable is still False" marks=0.0
import keras


def train_only(base, block):
    base.trainable = False
    for layer in base.layers:
        if layer.name.startswith(block + "_") and not isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = True
    return base


# %% wrong "Frees the whole block, BatchNorm included." name="only_with_batchnorm" breaks="block_1 of MobileNetV2, which is not block_10" says="BatchNorm layers, which are to stay frozen" marks=6.5
def train_only(base, block):
    base.trainable = True
    for layer in base.layers:
        layer.trainable = layer.name.startswith(block + "_")
    return base


# %% wrong "Frees the block and leaves everything else as it came: fine-tuning that fine-tunes all." name="only_without_freezing_the_rest" breaks="the rest is frozen" marks=0.0
import keras


def train_only(base, block):
    for layer in base.layers:
        if layer.name.startswith(block + "_"):
            layer.trainable = True
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
    return base


# %% right "Compares the beginnings of names with a regular expression." name="only_by_splitting_the_name"
import re


def train_only(base, block):
    base.trainable = True
    inside = re.compile(re.escape(block) + "_")
    for layer in base.layers:
        layer.trainable = bool(inside.match(layer.name)) and "BatchNorm" not in type(layer).__name__
    return base
