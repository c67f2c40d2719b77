"""Freezes every layer in a loop."""

REPLACES = "freeze-all"


def freeze_all(base):
    for layer in base.layers:
        layer.trainable = False
    return base
