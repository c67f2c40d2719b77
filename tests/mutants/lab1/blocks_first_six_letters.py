"""Takes the first six letters for the block's name, so block10 is counted with block1."""

REPLACES = "parameters-by-block"
MUST_FAIL = ("test-parameters-by-block",)
HINT = "missing are block10, stem"


def parameters_by_block(base):
    counts = {}
    for layer in base.layers:
        if layer.name.startswith("block"):
            counts[layer.name[:6]] = counts.get(layer.name[:6], 0) + layer.count_params()
    return counts
