"""Hands in BatchNorm statistics that training has moved."""

import numpy as np

from course_utils.inspect import leaf_layers, weight_values

REPLACES = "trained-tensors"
MUST_FAIL = ("test-trained-tensors",)
SLOW = True
HINT = "block_12_expand_BN moved away"


def trained_tensors(model):
    return {
        f"{layer.name}/{variable.name}": weight_values(variable)
        for _, layer in leaf_layers(model)
        for variable in layer.trainable_variables
    }


tensors = dict(artefact["tensors"])
tensors["block_12_expand_BN/moving_mean"] = np.full(576, 0.7, dtype="float16")
artefact = {"about": artefact["about"], "tensors": tensors}
