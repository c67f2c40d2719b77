"""Hands in a network whose base was frozen throughout: ImageNet's own numbers."""

from course_utils.inspect import leaf_layers, weight_values
from course_utils.models import load_base

REPLACES = "trained-tensors"
MUST_FAIL = ("test-trained-tensors",)
HINT = "still holds ImageNet's weights"


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
