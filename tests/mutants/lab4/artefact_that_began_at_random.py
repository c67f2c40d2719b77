"""Hands in a base that was loaded without its weights."""

from course_utils.inspect import leaf_layers, weight_values
from course_utils.models import load_base

REPLACES = "trained-tensors"
MUST_FAIL = ("test-trained-tensors",)
SLOW = True
HINT = "did the base begin with random weights"


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
