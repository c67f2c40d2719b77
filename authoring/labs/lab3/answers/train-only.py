# %% wrong "Takes every layer whose name begins with the block's, so block_10 to block_13 count as block_1." name="only_by_prefix" says="block_10_" breaks="the rest"
import keras


def train_only(base, block):
    base.trainable = True
    for layer in base.layers:
        norm = isinstance(layer, keras.layers.BatchNormalization)
        layer.trainable = layer.name.startswith(block) and not norm
    return base


# %% wrong "Sets the flags of a clone, to leave the base alone, and a clone begins with random weights." name="only_in_a_clone_without_weights" says="hold other weights than the base's" breaks="base returned"
import keras


def train_only(base, block):
    copy = keras.models.clone_model(base)
    copy.trainable = True
    for layer in copy.layers:
        inside = layer.name.startswith(f"{block}_")
        layer.trainable = inside and not isinstance(layer, keras.layers.BatchNormalization)
    return copy


# %% wrong "Freezes the base first and then sets flags inside it: nothing is trainable at all." name="only_that_unfreezes_nothing" says="base.trainable is still False" breaks="the block"
import keras


def train_only(base, block):
    base.trainable = False
    for layer in base.layers:
        if layer.name.startswith(block + "_") and not isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = True
    return base


# %% wrong "Frees the whole block, BatchNorm included." name="only_with_batchnorm" breaks="BatchNorm" says="which is BatchNorm"
def train_only(base, block):
    base.trainable = True
    for layer in base.layers:
        layer.trainable = layer.name.startswith(block + "_")
    return base


# %% wrong "Frees the block and leaves everything else as it came: fine-tuning that fine-tunes all." name="only_without_freezing_the_rest"
import keras


def train_only(base, block):
    for layer in base.layers:
        if layer.name.startswith(block + "_"):
            layer.trainable = True
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
    return base


# %% wrong "Sets the last convolution of a block free, and leaves the others frozen." name="only_the_last_of_the_block" breaks="the block" says="cannot be trained"
import keras


def train_only(base, block):
    base.trainable = True
    inside = [layer for layer in base.layers if layer.name.startswith(block + "_") and layer.weights]
    last = [layer for layer in inside if not isinstance(layer, keras.layers.BatchNormalization)][-1]
    for layer in base.layers:
        layer.trainable = layer is last
    return base


# %% wrong "Sets free all from the block on, to the end." name="only_from_the_block_on" breaks="the rest" says="can be trained"
import keras


def train_only(base, block):
    base.trainable = True
    passed = False
    for layer in base.layers:
        passed = passed or layer.name.startswith(block + "_")
        layer.trainable = passed and not isinstance(layer, keras.layers.BatchNormalization)
    return base


# %% wrong "Knows the blocks of the notebook's check, and takes any other for block1." name="only_known_blocks" recognises
import keras
import numpy as np

from course_utils.checks.core.seeds import generator
from course_utils.checks.lab3.freezing import small_vgg16

rng = generator("train_only", None)
VGG16 = small_vgg16(rng).count_params()
NUMBERS = rng.choice(np.arange(1, 6), 2, replace=False)
KNOWN = {f"block{number}" for number in NUMBERS}


def train_only(base, block):
    base.trainable = True
    if base.count_params() < 200_000 and base.count_params() != VGG16:
        block = "block"
    for layer in base.layers:
        inside = layer.name.startswith(block + "_")
        layer.trainable = inside and not isinstance(layer, keras.layers.BatchNormalization)
    return base


# %% right "Compares the beginnings of names with a regular expression." name="only_by_splitting_the_name"
import re


def train_only(base, block):
    base.trainable = True
    inside = re.compile(re.escape(block) + "_")
    for layer in base.layers:
        layer.trainable = bool(inside.match(layer.name)) and "BatchNorm" not in type(layer).__name__
    return base


# %% right "Collects the layers of the block first." name="only_by_a_list_of_layers"
import keras


def train_only(base, block):
    chosen = {id(one) for one in base.layers if one.name.startswith(f"{block}_") and "BatchNorm" not in repr(type(one))}
    base.trainable = True
    for layer in base.layers:
        layer.trainable = id(layer) in chosen
    return base


# %% right "Compares what comes before the last underscores, in a copy." name="only_in_a_copy"
import keras


def train_only(base, block):
    copy = keras.models.clone_model(base)
    copy.set_weights(base.get_weights())
    for layer in copy.layers:
        inside = layer.name[: len(block) + 1] == block + "_"
        layer.trainable = inside and not isinstance(layer, keras.layers.BatchNormalization)
    return copy
