# %% wrong "Makes another base of the one that it is given, and splits that one rightly." name="split_a_base_of_its_own" breaks="the base that is given" marks=0
import keras


def split_at(base, first):
    start = keras.Input(base.input_shape[1:])
    end = keras.layers.Conv2D(3, 1, name=first)(start)
    other = keras.Model(start, end)
    vars(base).clear()
    vars(base).update(vars(other))
    return keras.Model(start, start), keras.Model(start, end)


# %% wrong "Cuts after the layer that was named, in the middle of a shortcut." name="split_after_the_layer" breaks="bottom ends before the layer" says="must meet before it" marks=0
import keras


def split_at(base, first):
    border = base.get_layer(first).output
    return keras.Model(base.input, border), keras.Model(border, base.output)


# %% wrong "Returns only the bottom." name="split_bottom_alone" breaks="two models" says="expected two things" marks=0
import keras


def split_at(base, first):
    return keras.Model(base.input, base.get_layer(first).input)


# %% wrong "Stacks the layers above the border one on another, which loses the shortcuts." name="split_into_chains" says="The parts of the model do not fit together"
import keras


def split_at(base, first):
    border = base.get_layer(first).input
    start = base.layers.index(base.get_layer(first))
    return keras.Model(base.input, border), keras.Sequential([keras.Input(border.shape[1:]), *base.layers[start:]])


# %% wrong "Clones the base to be on the safe side, and a clone begins with random weights." name="split_into_clones_without_weights" breaks="the base's own weights" marks=0
import keras


def split_at(base, first):
    clone = keras.models.clone_model(base)
    border = clone.get_layer(first).input
    return keras.Model(clone.input, border), keras.Model(border, clone.output)


# %% wrong "Ends the bottom with the layer that the top begins with, so that layer is in both." name="split_one_layer_too_far" breaks="bottom ends before the layer" says="one layer too far"
import keras


def split_at(base, first):
    layer = base.get_layer(first)
    return keras.Model(base.input, layer.output), keras.Model(layer.input, base.output)


# %% wrong "Returns the whole base for the top." name="split_with_the_whole_base_on_top" breaks="top begins at the layer" marks=5.25
import keras


def split_at(base, first):
    return keras.Model(base.input, base.get_layer(first).input), base


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
