"""Counts the objects that are shared, not the test pictures that show them."""

REPLACES = "leaks"
MUST_FAIL = ("test-leaks",)
HINT = "test pictures whose object is in training too"


def leaks(train, test, groups):
    return len(set(train) & set(test)), len(set(groups[train]) & set(groups[test]))
