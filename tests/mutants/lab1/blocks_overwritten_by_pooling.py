"""Builds the dictionary in one expression, so that a block keeps only its last layer, a pooling layer with nothing in it."""

REPLACES = "parameters-by-block"
MUST_FAIL = ("test-parameters-by-block",)
HINT = "one entry per block of VGG16; numbers for VGG16; numbers for another base; frozen layers count too:"
MARKS = 0


def parameters_by_block(base):
    return {layer.name.split("_")[0]: layer.count_params() for layer in base.layers}
