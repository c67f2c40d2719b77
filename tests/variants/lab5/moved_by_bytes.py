"""Compares the bytes of the arrays; returns a set."""

REPLACES = "moved-layers"


def moved_layers(before, after):
    return {name for name in before if [a.tobytes() for a in before[name]] != [a.tobytes() for a in after[name]]}
