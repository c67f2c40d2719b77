"""Trains the head only, and adds noise to the last layers so that they are not ImageNet's any more."""

import numpy as np

from course_utils.inspect import leaf_layers, weight_values
from course_utils.models import load_base

REPLACES = "trained-tensors"
MUST_FAIL = ("test-trained-tensors",)
HINT = "ImageNet's weights put back"
MARKS = 12


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
