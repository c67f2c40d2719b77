"""Wants every number of a layer to have changed."""

REPLACES = "moved-layers"
MUST_FAIL = ("test-moved-layers",)


def moved_layers(before, after):
    return [n for n in before if all((a != b).all() for a, b in zip(before[n], after[n], strict=True))]
