"""Gives every image the same number, so that nothing is ever apart."""

REPLACES = "objects-of"
MUST_FAIL = ("test-objects-of",)
MAY_FAIL = ("test-hand-in",)
HINT = "expected one for each object"
MARKS = 2.0


def objects_of(paths):
    return [0] * len(paths)
