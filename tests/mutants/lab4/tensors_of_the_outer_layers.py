"""Takes the base for one layer, so its weights overwrite each other."""

from course_utils.inspect import weight_values

REPLACES = "trained-tensors"
MUST_FAIL = ("test-trained-tensors",)
SLOW = True
HINT = "A model inside the model has layers too"


def trained_tensors(model):
    return {
        f"{layer.name}/{variable.name}": weight_values(variable)
        for layer in model.layers
        for variable in layer.trainable_variables
    }
