"""Freezes by an attribute that does not exist; Python takes it, Keras never looks at it."""

REPLACES = "freeze-all"
MUST_FAIL = ("test-freeze-all",)
HINT = "expected nothing to be"
MARKS = 0.0


def freeze_all(base):
    base.trainble = False
    return base
