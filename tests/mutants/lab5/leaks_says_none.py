"""Says that nothing leaks, whatever the split."""

REPLACES = "leaks"
MUST_FAIL = ("test-leaks",)
HINT = "in every split"
MARKS = 0


def leaks(train, test, groups):
    return 0, 0
