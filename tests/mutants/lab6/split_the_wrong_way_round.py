"""Returns the small part first."""

from course_utils.evaluate import grouped_splits

REPLACES = "split-by-object"
MUST_FAIL = ("test-split-by-object",)
MAY_FAIL = ("test-hand-in",)
HINT = "comes first"


def split_by_object(labels, groups, seed):
    train, held_out = grouped_splits(labels, groups, folds=4, seed=seed)[0]
    return held_out, train
