"""Overwrites a block's number with every layer instead of adding to it."""

REPLACES = "parameters-by-block"
MUST_FAIL = ("test-parameters-by-block",)
HINT = "has overwritten what you had counted"


def parameters_by_block(base):
    counts = {}
    for layer in base.layers:
        if layer.count_params():
            counts[layer.name.split("_")[0]] = layer.count_params()
    return counts
