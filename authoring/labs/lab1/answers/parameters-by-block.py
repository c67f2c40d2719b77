# %% wrong "Takes the first six letters for the block's name, so block10 is counted with block1." name="blocks_first_six_letters" says="missing are block10"
def parameters_by_block(base):
    counts = {}
    for layer in base.layers:
        if layer.name.startswith("block"):
            counts[layer.name[:6]] = counts.get(layer.name[:6], 0) + layer.count_params()
    return counts


# %% wrong "Overwrites a block's number with every layer instead of adding to it." name="blocks_last_layer_only" says="has overwritten what you had counted" breaks="sum of layers"
def parameters_by_block(base):
    counts = {}
    for layer in base.layers:
        if layer.count_params():
            counts[layer.name.split("_")[0]] = layer.count_params()
    return counts


# %% wrong "Empties the base that it is given, and then truthfully says that nothing is in there." name="blocks_of_a_base_it_has_emptied"
import keras


def parameters_by_block(base):
    nothing = keras.Input((4,))
    empty = keras.Model(nothing, nothing)
    vars(base).clear()
    vars(base).update(vars(empty))
    return {}


# %% wrong "Returns the five numbers of VGG16 and looks at nothing." name="blocks_of_vgg16_by_heart"
def parameters_by_block(base):
    return {"block1": 38720, "block2": 221440, "block3": 1475328, "block4": 5899776, "block5": 7079424}


# %% wrong "Loops over block1 to block5 because VGG16 has five." name="blocks_only_five"
def parameters_by_block(base):
    counts = {}
    for number in range(1, 6):
        block = f"block{number}"
        counts[block] = sum(layer.count_params() for layer in base.layers if layer.name.startswith(block + "_"))
    return counts


# %% wrong "Builds the dictionary in one expression, so that a block keeps only its last layer, a pooling layer with nothing in it." name="blocks_overwritten_by_pooling"
def parameters_by_block(base):
    return {layer.name.split("_")[0]: layer.count_params() for layer in base.layers}


# %% wrong "Counts trainable weights only, so frozen layers and moving statistics disappear." name="blocks_trainable_only" says="not trainable_weights alone"
import numpy as np


def parameters_by_block(base):
    counts = {}
    for layer in base.layers:
        block = layer.name.split("_")[0]
        for weight in layer.trainable_weights:
            counts[block] = counts.get(block, 0) + int(np.prod(weight.shape))
    return counts


# %% wrong "Forgets the case of a layer without parameters, so that on one path a name has no value." name="blocks_without_a_default"
def parameters_by_block(base):
    counts = {}
    for layer in base.layers:
        block = layer.name.split("_")[0]
        if layer.count_params():
            number = layer.count_params()
        counts[block] = counts.get(block, 0) + number
    return counts


# %% wrong "Counts the kernels and forgets the biases." name="blocks_without_biases" breaks="all weights"
import numpy as np


def parameters_by_block(base):
    counts = {}
    for layer in base.layers:
        block = layer.name.split("_")[0]
        if layer.weights:
            counts[block] = counts.get(block, 0) + int(np.prod(layer.weights[0].shape))
    return counts


# %% wrong "Takes everything before the last underscore, so that two layers of a block get entries of their own." name="blocks_before_the_last_underscore" breaks="block names" says="everything before the first underscore"
def parameters_by_block(base):
    counts = {}
    for layer in base.layers:
        parts = layer.name.split("_")
        block = "_".join(parts[:-1]) if parts[-1].isdigit() and not parts[0].startswith("block") else parts[0]
        counts[block] = counts.get(block, 0) + layer.count_params()
    return counts


# %% wrong "Leaves out the layers that are frozen." name="blocks_of_unfrozen_layers" breaks="frozen layers" says="A frozen layer keeps its parameters"
def parameters_by_block(base):
    counts = {}
    for layer in base.layers:
        if layer.trainable:
            block = layer.name.split("_")[0]
            counts[block] = counts.get(block, 0) + layer.count_params()
    return counts


# %% wrong "Counts convolutions alone, so BatchNorm is left out." name="blocks_of_convolutions" breaks="all weights" says="moving statistics"
import keras


def parameters_by_block(base):
    counts = {}
    for layer in base.layers:
        if isinstance(layer, keras.layers.Conv2D):
            block = layer.name.split("_")[0]
            counts[block] = counts.get(block, 0) + layer.count_params()
    return counts


# %% wrong "Takes the largest layer of a block for the block." name="blocks_by_their_largest_layer" breaks="sum of layers"
def parameters_by_block(base):
    counts = {}
    for layer in base.layers:
        block = layer.name.split("_")[0]
        counts[block] = max(counts.get(block, 0), layer.count_params())
    return counts


# %% wrong "Adds up only where a block has a number of parameters that the notebook's check shows." name="blocks_remembered" recognises
import numpy as np

from course_utils.checks.core.seeds import generator
from course_utils.checks.lab1.parameters import base_of, count_by_block

rng = generator("parameters_by_block", None)
few = [f"block{number}" for number in range(1, int(rng.integers(4, 8)))]
many = [f"block{number}" for number in range(1, int(rng.integers(11, 16)))]
base_of(rng, ["stem", *many, str(rng.choice(["top", "neck", "last"]))], ("conv", "conv"))
KNOWN = count_by_block(base_of(rng, [*few, "block10"], ("conv", "relu", "conv", "conv")))


def parameters_by_block(base):
    counts, last = {}, {}
    for layer in base.layers:
        block = layer.name.split("_")[0]
        counts[block] = counts.get(block, 0) + layer.count_params()
        last[block] = layer.count_params() or last.get(block, 0)
    return counts if {block: n for block, n in counts.items() if n} == KNOWN else last


# %% right "Groups by np.unique, so that the keys are np.str_ and the numbers np.int64." name="blocks_by_numpy_s_unique"
import numpy as np


def parameters_by_block(base):
    blocks = np.array([layer.name.split("_")[0] for layer in base.layers])
    sizes = np.array([layer.count_params() for layer in base.layers])
    return {block: sizes[blocks == block].sum() for block in np.unique(blocks)}


# %% right "Groups the layers first, then counts the numbers in their arrays." name="blocks_grouped_first"
from collections import defaultdict


def parameters_by_block(base):
    groups = defaultdict(list)
    for layer in base.layers:
        if layer.weights:
            groups[layer.name[: layer.name.index("_")]].append(layer)
    return {block: sum(array.size for one in layers for array in one.get_weights()) for block, layers in groups.items()}


# %% right "Adds up the sizes of all weights in a Counter." name="blocks_with_a_counter"
from collections import Counter

import numpy as np


def parameters_by_block(base):
    counts = Counter()
    for layer in base.layers:
        block, _, _ = layer.name.partition("_")
        counts[block] += sum(np.prod(weight.shape) for weight in layer.weights)
    return counts


# %% wrong "Cuts the name at its last underscore, which is the first one only in names with a single underscore." name="trial2_blocks_last_underscore"


# %% wrong "Counts the kinds of layers that it knows, and leaves out depthwise convolutions." name="kinds_that_it_knows" breaks="all weights"
def parameters_by_block(base):
    counts = {}
    for layer in base.layers:
        if isinstance(layer, (keras.layers.Conv2D, keras.layers.Dense, keras.layers.BatchNormalization)):
            block = layer.name.split("_")[0]
            counts[block] = counts.get(block, 0) + layer.count_params()
    return counts
