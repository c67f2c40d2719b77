"""Counts the objects that are shared, not the test images that show them."""

REPLACES = "leaks"
MUST_FAIL = ("test-leaks",)
HINT = "test images whose object is in training too"


def leaks(train, test, groups):
    return len(set(train) & set(test)), len(set(groups[train]) & set(groups[test]))
