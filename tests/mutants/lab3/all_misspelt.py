"""Freezes by an attribute that does not exist; Python takes it, Keras never looks at it."""

REPLACES = "freeze-all"
MUST_FAIL = ("test-freeze-all",)
HINT = "expected 0 in 0"
MARKS = 0.0


def freeze_all(base):
    base.trainble = False
    return base
