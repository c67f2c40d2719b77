"""Keeps every weight, frozen ones and BatchNorm's statistics too."""

from course_utils.inspect import leaf_layers, weight_values

REPLACES = "trained-tensors"
MUST_FAIL = ("test-trained-tensors",)
SLOW = True
HINT = "not expected are those of"


def trained_tensors(model):
    return {
        f"{layer.name}/{variable.name}": weight_values(variable)
        for _, layer in leaf_layers(model)
        for variable in layer.variables
    }
