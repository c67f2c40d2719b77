"""Starts from seed 0 always."""

from course_utils.evaluate import grouped_splits

REPLACES = "split"
MUST_FAIL = ("test-split",)
HINT = "Whatever the seed"


def split_by_cutout(labels, groups, seed):
    return grouped_splits(labels, groups, folds=4)[0]
