"""Compares the beginnings of names with a regular expression."""

import re

REPLACES = "train-only"


def train_only(base, block):
    base.trainable = True
    inside = re.compile(re.escape(block) + "_")
    for layer in base.layers:
        layer.trainable = bool(inside.match(layer.name)) and "BatchNorm" not in type(layer).__name__
    return base
