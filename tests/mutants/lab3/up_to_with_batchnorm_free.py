"""Freezes the first layers only: BatchNorm after them goes on counting and learning."""

REPLACES = "freeze-up-to"
MUST_FAIL = ("test-freeze-up-to",)
HINT = "BatchNorm layers, which are to stay frozen"
MARKS = 6.5


def freeze_up_to(base, name):
    base.trainable = True
    for layer in base.layers:
        layer.trainable = False
        if layer.name == name:
            break
    return base
