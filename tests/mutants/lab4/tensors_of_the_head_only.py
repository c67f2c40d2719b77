"""Keeps the head and forgets what was unfrozen."""

from course_utils.inspect import weight_values

REPLACES = "trained-tensors"
MUST_FAIL = ("test-trained-tensors",)
HINT = "missing are weights of"


def trained_tensors(model):
    return {f"head/{variable.name}": weight_values(variable) for variable in model.get_layer("head").variables}
