"""Knows the five numbers of VGG16 by heart and looks at nothing."""

REPLACES = "parameters-by-block"
MUST_FAIL = ("test-parameters-by-block",)
MARKS = 10


def parameters_by_block(base):
    return {"block1": 38720, "block2": 221440, "block3": 1475328, "block4": 5899776, "block5": 7079424}
