"""Never ran the cells that train, so there is nothing to score."""

from course_utils.inspect import leaf_layers, weight_values

REPLACES = "trained-tensors"
MUST_FAIL = ("test-trained-tensors",)
HINT = "There is no artefact yet"
MARKS = 6


def trained_tensors(model):
    return {
        f"{layer.name}/{variable.name}": weight_values(variable)
        for _, layer in leaf_layers(model)
        for variable in layer.trainable_variables
    }


artefact = None
