"""Forgets the case of a layer without parameters, so that on one path a name has no value."""

REPLACES = "parameters-by-block"
MUST_FAIL = ("test-parameters-by-block",)
HINT = "On one path through your function that name never gets a value."
MARKS = 0


def parameters_by_block(base):
    counts = {}
    for layer in base.layers:
        block = layer.name.split("_")[0]
        if layer.count_params():
            number = layer.count_params()
        counts[block] = counts.get(block, 0) + number
    return counts
