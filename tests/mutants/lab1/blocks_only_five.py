"""Loops over block1 to block5 because VGG16 has five."""

REPLACES = "parameters-by-block"
MUST_FAIL = ("test-parameters-by-block",)


def parameters_by_block(base):
    counts = {}
    for number in range(1, 6):
        block = f"block{number}"
        counts[block] = sum(layer.count_params() for layer in base.layers if layer.name.startswith(block + "_"))
    return counts
