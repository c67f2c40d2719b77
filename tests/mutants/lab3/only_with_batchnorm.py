"""Frees the whole block, BatchNorm included."""

REPLACES = "train-only"
MUST_FAIL = ("test-train-only",)
HINT = "BatchNorm layers, which are to stay frozen"
MARKS = 6.5


def train_only(base, block):
    base.trainable = True
    for layer in base.layers:
        layer.trainable = layer.name.startswith(block + "_")
    return base
