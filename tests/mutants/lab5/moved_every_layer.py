"""Takes every layer for moved, since the training ran."""

REPLACES = "moved-layers"
MUST_FAIL = ("test-moved-layers",)
HINT = "You name every layer"
MARKS = 0


def moved_layers(before, after):
    return list(before)
