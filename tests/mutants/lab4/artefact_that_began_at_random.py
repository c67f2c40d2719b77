"""Hands in a base that was loaded without its weights."""

from course_utils.inspect import leaf_layers, weight_values
from course_utils.models import load_base

REPLACES = "trained-tensors"
MUST_FAIL = ("test-trained-tensors",)
HINT = "did the base begin with random numbers"


def trained_tensors(model):
    return {
        f"{layer.name}/{variable.name}": weight_values(variable)
        for _, layer in leaf_layers(model)
        for variable in layer.trainable_variables
    }


tensors = dict(artefact["tensors"])
base = load_base("mobilenet_v2", cut="block_13_expand_relu", weights=None)
for layer in base.layers:
    for variable in layer.weights:
        if f"{layer.name}/{variable.name}" in tensors:
            tensors[f"{layer.name}/{variable.name}"] = weight_values(variable).astype("float16")
artefact = {"about": artefact["about"], "tensors": tensors}
