"""Groups the layers first, then counts the numbers in their arrays."""

from collections import defaultdict

REPLACES = "parameters-by-block"


def parameters_by_block(base):
    groups = defaultdict(list)
    for layer in base.layers:
        if layer.weights:
            groups[layer.name[: layer.name.index("_")]].append(layer)
    return {block: sum(array.size for one in layers for array in one.get_weights()) for block, layers in groups.items()}
