"""Freezes the base, and returns nothing."""

REPLACES = "freeze-all"
MUST_FAIL = ("test-freeze-all",)
HINT = "is there a return?"
MARKS = 0.0


def freeze_all(base):
    base.trainable = False
