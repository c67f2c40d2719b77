"""Compares an array with itself, so nothing ever moves."""

REPLACES = "how-far"
MUST_FAIL = ("test-how-far",)
HINT = "For weights that moved you give 0 too"
MARKS = 0


def how_far(before, after):
    return float(sum(abs(new - new).sum() for new in after))
