# %% wrong "Takes the first six letters for the block's name, so block10 is counted with block1." name="blocks_first_six_letters" breaks="a block's name is everything before the first underscore" says="missing are block10, stem"
def parameters_by_block(base):
    counts = {}
    for layer in base.layers:
        if layer.name.startswith("block"):
            counts[layer.name[:6]] = counts.get(layer.name[:6], 0) + layer.count_params()
    return counts


# %% wrong "Overwrites a block's number with every layer instead of adding to it." name="blocks_last_layer_only" breaks="all layers of a block add up" says="has overwritten what you had counted"
def parameters_by_block(base):
    counts = {}
    for layer in base.layers:
        if layer.count_params():
            counts[layer.name.split("_")[0]] = layer.count_params()
    return counts


# %% wrong "Empties the base that it is given, and then truthfully says that nothing is in there." name="blocks_of_a_base_it_has_emptied" marks=0
import keras


def parameters_by_block(base):
    nothing = keras.Input((4,))
    empty = keras.Model(nothing, nothing)
    vars(base).clear()
    vars(base).update(vars(empty))
    return {}


# %% wrong "Knows the five numbers of VGG16 by heart and looks at nothing." name="blocks_of_vgg16_by_heart" breaks="any base, not VGG16 alone" marks=10
def parameters_by_block(base):
    return {"block1": 38720, "block2": 221440, "block3": 1475328, "block4": 5899776, "block5": 7079424}


# %% wrong "Loops over block1 to block5 because VGG16 has five." name="blocks_only_five" breaks="any base, not VGG16 alone"
def parameters_by_block(base):
    counts = {}
    for number in range(1, 6):
        block = f"block{number}"
        counts[block] = sum(layer.count_params() for layer in base.layers if layer.name.startswith(block + "_"))
    return counts


# %% wrong "Builds the dictionary in one expression, so that a block keeps only its last layer, a pooling layer with nothing in it." name="blocks_overwritten_by_pooling" breaks="all layers of a block add up" says="one entry per block of VGG16; numbers for VGG16; numbers for another base; frozen layers count too:" marks=0
def parameters_by_block(base):
    return {layer.name.split("_")[0]: layer.count_params() for layer in base.layers}


# %% wrong "Counts trainable weights only, so frozen layers and moving statistics disappear." name="blocks_trainable_only" breaks="all parameters, not the trainable ones alone" says="look at weights, not at trainable_weights"
import numpy as np


def parameters_by_block(base):
    counts = {}
    for layer in base.layers:
        block = layer.name.split("_")[0]
        for weight in layer.trainable_weights:
            counts[block] = counts.get(block, 0) + int(np.prod(weight.shape))
    return counts


# %% wrong "Forgets the case of a layer without parameters, so that on one path a name has no value." name="blocks_without_a_default" says="On one path through your function that name never gets a value." marks=0
def parameters_by_block(base):
    counts = {}
    for layer in base.layers:
        block = layer.name.split("_")[0]
        if layer.count_params():
            number = layer.count_params()
        counts[block] = counts.get(block, 0) + number
    return counts


# %% wrong "Counts the kernels and forgets the biases." name="blocks_without_biases" breaks="kernels, biases and moving statistics all count"
import numpy as np


def parameters_by_block(base):
    counts = {}
    for layer in base.layers:
        block = layer.name.split("_")[0]
        if layer.weights:
            counts[block] = counts.get(block, 0) + int(np.prod(layer.weights[0].shape))
    return counts


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
