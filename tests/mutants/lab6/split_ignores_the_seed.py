"""Holds out the same objects whatever the seed."""

from course_utils.evaluate import grouped_splits

REPLACES = "split-by-object"
MUST_FAIL = ("test-split-by-object",)
MAY_FAIL = ("test-hand-in",)
HINT = "Whatever the seed"


def split_by_object(labels, groups, seed):
    return grouped_splits(labels, groups, folds=4, seed=0)[0]
