# %% wrong "Makes another base of the one that it is given, and splits that one correctly." name="split_a_base_of_its_own" marks=0
import keras


def split_at(base, first):
    start = keras.Input(base.input_shape[1:])
    end = keras.layers.Conv2D(3, 1, name=first)(start)
    other = keras.Model(start, end)
    vars(base).clear()
    vars(base).update(vars(other))
    return keras.Model(start, start), keras.Model(start, end)


# %% wrong "Cuts after the layer that was named, in the middle of a shortcut." name="split_after_the_layer" says="must meet before it" marks=0
import keras


def split_at(base, first):
    border = base.get_layer(first).output
    return keras.Model(base.input, border), keras.Model(border, base.output)


# %% wrong "Returns only the bottom." name="split_bottom_alone" says="expected two things" marks=0
import keras


def split_at(base, first):
    return keras.Model(base.input, base.get_layer(first).input)


# %% wrong "Stacks the layers above the border one on another, which loses the shortcuts." name="split_into_chains" says="The parts of the model do not fit together"
import keras


def split_at(base, first):
    border = base.get_layer(first).input
    start = base.layers.index(base.get_layer(first))
    return keras.Model(base.input, border), keras.Sequential([keras.Input(border.shape[1:]), *base.layers[start:]])


# %% wrong "Clones the base to be on the safe side, and a clone begins with random weights." name="split_into_clones_without_weights" marks=0
import keras


def split_at(base, first):
    clone = keras.models.clone_model(base)
    border = clone.get_layer(first).input
    return keras.Model(clone.input, border), keras.Model(border, clone.output)


# %% wrong "Ends the bottom with the layer that the top begins with, so that layer is in both." name="split_one_layer_too_far" breaks="bottom" says="one layer too far"
import keras


def split_at(base, first):
    layer = base.get_layer(first)
    return keras.Model(base.input, layer.output), keras.Model(layer.input, base.output)


# %% wrong "Returns the whole base for the top." name="split_with_the_whole_base_on_top" breaks="top"
import keras


def split_at(base, first):
    return keras.Model(base.input, base.get_layer(first).input), base


# %% wrong "Knows the bases of the notebook's check, and goes one layer too far in others." name="split_known" recognises
import keras


def split_at(base, first):
    layer = base.get_layer(first)
    known = (first, base.count_params()) in (("block_9_expand", 616256), ("block_5_expand", 4760))
    border = layer.input
    return keras.Model(base.input, border if known else layer.output), keras.Model(border, base.output)


# %% right "Splits a copy that holds the same numbers, and leaves the base alone." name="split_into_copies"
import keras


def split_at(base, first):
    copy = keras.models.clone_model(base)
    copy.set_weights(base.get_weights())
    border = copy.get_layer(first).input
    return keras.Model(copy.input, border), keras.Model(border, copy.output)


# %% right "Rebuilds the top on a new input, layer by layer, following the base's own connections." name="split_with_an_input_of_its_own"
import keras


def split_at(base, first):
    border = base.get_layer(first).input
    start = keras.Input(border.shape[1:])
    made = {id(border): start}
    for layer in base.layers[base.layers.index(base.get_layer(first)) :]:
        given = layer.input
        several = isinstance(given, list)
        tensors = [made[id(tensor)] for tensor in (given if several else [given])]
        made[id(layer.output)] = layer(tensors if several else tensors[0])
    return [keras.Model(base.inputs, border), keras.Model(start, made[id(base.output)])]


# %% right "Walks through the layers to find what the layer receives, and calls the models bottom and top." name="split_by_walking"
import keras


def split_at(base, first):
    layer = next(layer for layer in base.layers if layer.name == first)
    start = layer.input[0] if isinstance(layer.input, list) else layer.input
    bottom = keras.Model(inputs=base.inputs, outputs=start, name="bottom")
    top = keras.Model(inputs=start, outputs=base.outputs[0], name="top")
    top.trainable = bottom.trainable = False
    return bottom, top
