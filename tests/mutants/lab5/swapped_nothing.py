"""Gives the classifier back as it is."""

REPLACES = "swap-head"
MUST_FAIL = ("test-swap-head",)
HINT = "expected (None,"
MARKS = 0


def swap_head(classifier, classes):
    return classifier
