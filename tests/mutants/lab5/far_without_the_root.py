"""Divides the sums of squares and leaves the root out."""

REPLACES = "how-far"
MUST_FAIL = ("test-how-far",)
HINT = "This is the square."


def how_far(before, after):
    change = sum(((b - a) ** 2).sum() for a, b in zip(before, after, strict=True))
    return float(change / sum((a**2).sum() for a in before))
