"""Leaves BatchNorm trainable, trusting that training=False would save it."""

REPLACES = "unfreeze-from"
MUST_FAIL = ("test-unfreeze-from",)
MAY_FAIL = ("test-fine-tune",)
HINT = "BatchNorm layers, which are to stay frozen"


def unfreeze_from(base, first):
    base.trainable = True
    for layer in base.layers:
        if layer.name == first:
            break
        layer.trainable = False
    return base
