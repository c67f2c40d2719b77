# %% wrong "Never ran the cells that train, so there is nothing to score." name="artefact_never_written" says="There is no artefact yet" marks=6
from course_utils.inspect import leaf_layers, weight_values


def trained_tensors(model):
    return {
        f"{layer.name}/{variable.name}": weight_values(variable)
        for _, layer in leaf_layers(model)
        for variable in layer.trainable_variables
    }


artefact = None


# %% wrong "Hands in a network whose base was frozen throughout: ImageNet's own weights." name="artefact_of_a_base_that_never_moved" breaks="learned" says="still holds ImageNet's weights"
from course_utils.inspect import leaf_layers, weight_values
from course_utils.models import load_base


def trained_tensors(model):
    return {
        f"{layer.name}/{variable.name}": weight_values(variable)
        for _, layer in leaf_layers(model)
        for variable in layer.trainable_variables
    }


original = {
    f"{layer.name}/{variable.name}": weight_values(variable)
    for layer in load_base("mobilenet_v2", cut="block_13_expand_relu", weights="imagenet").layers
    for variable in layer.weights
}
artefact = {
    "about": artefact["about"],
    "tensors": {name: original.get(name, array).astype("float16") for name, array in artefact["tensors"].items()},
}


# %% wrong "Trains the head only, and adds noise to the last layers so that they are not ImageNet's any more." name="artefact_of_noise" breaks="learned" says="ImageNet's weights put back" marks=9
import numpy as np

from course_utils.inspect import leaf_layers, weight_values
from course_utils.models import load_base


def trained_tensors(model):
    return {
        f"{layer.name}/{variable.name}": weight_values(variable)
        for _, layer in leaf_layers(model)
        for variable in layer.trainable_variables
    }


original = {
    f"{layer.name}/{variable.name}": weight_values(variable)
    for layer in load_base("mobilenet_v2", cut="block_13_expand_relu", weights="imagenet").layers
    for variable in layer.weights
}
noise = np.random.default_rng(0)
tensors = dict(artefact["tensors"])
for name in tensors:
    if name in original:
        shaken = original[name] + 2e-3 * original[name].std() * noise.normal(size=original[name].shape)
        tensors[name] = shaken.astype("float16")
artefact = {"about": artefact["about"], "tensors": tensors}


# %% wrong "Hands in a base that was loaded without its weights." name="artefact_that_began_at_random" breaks="learned" says="did the base begin with random weights" slow
from course_utils.inspect import leaf_layers, weight_values
from course_utils.models import load_base


def trained_tensors(model):
    return {
        f"{layer.name}/{variable.name}": weight_values(variable)
        for _, layer in leaf_layers(model)
        for variable in layer.trainable_variables
    }


original = {
    f"{layer.name}/{variable.name}": weight_values(variable)
    for layer in load_base("mobilenet_v2", cut="block_13_expand_relu", weights=None).layers
    for variable in layer.weights
}
artefact = {
    "about": artefact["about"],
    "tensors": {name: original.get(name, array).astype("float16") for name, array in artefact["tensors"].items()},
}


# %% wrong "Skipped the first stage: the head is still what it was drawn as." name="artefact_with_a_new_head" breaks="learned" says="the head they were trained with"
import numpy as np

from course_utils.inspect import leaf_layers, weight_values


def trained_tensors(model):
    return {
        f"{layer.name}/{variable.name}": weight_values(variable)
        for _, layer in leaf_layers(model)
        for variable in layer.trainable_variables
    }


tensors = dict(artefact["tensors"])
tensors["head/kernel"] = np.random.default_rng(0).normal(size=(576, 6), scale=0.1).astype("float16")
artefact = {"about": artefact["about"], "tensors": tensors}


# %% wrong "Hands in BatchNorm statistics that training has moved." name="artefact_with_moving_batchnorm" breaks="artefact" says="block_12_expand_BN moved away" slow
import numpy as np

from course_utils.inspect import leaf_layers, weight_values


def trained_tensors(model):
    return {
        f"{layer.name}/{variable.name}": weight_values(variable)
        for _, layer in leaf_layers(model)
        for variable in layer.trainable_variables
    }


tensors = dict(artefact["tensors"])
tensors["block_12_expand_BN/moving_mean"] = np.full(576, 0.7, dtype="float16")
artefact = {"about": artefact["about"], "tensors": tensors}


# %% wrong "Keeps every weight, frozen ones and BatchNorm's statistics too." name="tensors_of_everything" breaks="names" says="not expected are those of" slow
from course_utils.inspect import leaf_layers, weight_values


def trained_tensors(model):
    return {
        f"{layer.name}/{variable.name}": weight_values(variable)
        for _, layer in leaf_layers(model)
        for variable in layer.variables
    }


# %% wrong "Keeps the head and forgets what was unfrozen." name="tensors_of_the_head_only" breaks="names" says="missing are weights of"
from course_utils.inspect import weight_values


def trained_tensors(model):
    return {f"head/{variable.name}": weight_values(variable) for variable in model.get_layer("head").variables}


# %% wrong "Takes the base for one layer, so its weights overwrite each other." name="tensors_of_the_outer_layers" breaks="names" says="A model inside the model has layers too" slow
from course_utils.inspect import weight_values


def trained_tensors(model):
    return {
        f"{layer.name}/{variable.name}": weight_values(variable)
        for layer in model.layers
        for variable in layer.trainable_variables
    }


# %% wrong "Returns arrays of the right shapes, filled with zeros." name="tensors_of_zeros" breaks="values" says="holds other values"
import numpy as np

from course_utils.inspect import leaf_layers, weight_values


def trained_tensors(model):
    return {
        f"{layer.name}/{variable.name}": np.zeros_like(weight_values(variable))
        for _, layer in leaf_layers(model)
        for variable in layer.trainable_variables
    }


# %% wrong "Knows the model of the notebook's check, and keeps all weights of others." name="tensors_known" recognises
from course_utils.inspect import leaf_layers, weight_values


def trained_tensors(model):
    return {
        f"{layer.name}/{variable.name}": weight_values(variable)
        for _, layer in leaf_layers(model)
        for variable in (layer.trainable_variables if model.count_params() == 6392 else layer.variables)
    }


# %% right "Goes through nested models itself, and keeps half precision." name="tensors_by_recursion"
import keras
import numpy as np


def trained_tensors(model):
    found = {}
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            found |= trained_tensors(layer)
            continue
        for variable in layer.trainable_weights:
            found[layer.name + "/" + variable.name] = np.array(variable.numpy(), dtype="float16")
    return found


# %% right "Pairs the trainable weights with the layers that hold them." name="tensors_by_identity"
import keras


def trained_tensors(model):
    free = {id(variable) for variable in model.trainable_variables}

    def of(layer):
        if isinstance(layer, keras.Model):
            for inner in layer.layers:
                yield from of(inner)
        else:
            for variable in layer.variables:
                if id(variable) in free:
                    yield f"{layer.name}/{variable.name}", keras.ops.convert_to_numpy(variable)

    return dict(of(model))


# %% right "Reads the paths of the variables, and returns tensors of TensorFlow." name="tensors_by_paths"
import tensorflow as tf


def trained_tensors(model):
    return {"/".join(one.path.split("/")[-2:]): tf.convert_to_tensor(one) for one in model.trainable_variables}
