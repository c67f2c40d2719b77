"""Skipped the first stage: the head is still what it was drawn as."""

import numpy as np

from course_utils.inspect import leaf_layers, weight_values

REPLACES = "trained-tensors"
MUST_FAIL = ("test-trained-tensors",)
HINT = "Was the head trained"


def trained_tensors(model):
    return {
        f"{layer.name}/{variable.name}": weight_values(variable)
        for _, layer in leaf_layers(model)
        for variable in layer.trainable_variables
    }


tensors = dict(artefact["tensors"])
tensors["head/kernel"] = np.random.default_rng(0).normal(size=(576, 6), scale=0.1).astype("float16")
artefact = {"about": artefact["about"], "tensors": tensors}
