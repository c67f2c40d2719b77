"""Returns the base as it came."""

REPLACES = "unfreeze-from"
MUST_FAIL = ("test-unfreeze-from",)
MAY_FAIL = ("test-fine-tune",)
HINT = "nothing is trainable"
MARKS = 0


def unfreeze_from(base, first):
    return base
