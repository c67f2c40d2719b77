# %% wrong "Shuffles images, so that views of one object lie on both sides." name="split_by_picture" breaks="no object on both sides" says="on both sides" may_fail="test-hand-in"
import numpy as np


def split_by_object(labels, groups, seed):
    order = np.random.default_rng(seed).permutation(len(labels))
    quarter = len(labels) // 4
    return order[quarter:], order[:quarter]


# %% wrong "Holds out the same objects whatever the seed." name="split_ignores_the_seed" breaks="the seed decides" says="Whatever the seed" may_fail="test-hand-in"
from course_utils.evaluate import grouped_splits


def split_by_object(labels, groups, seed):
    return grouped_splits(labels, groups, folds=4, seed=0)[0]


# %% wrong "Returns the small part first." name="split_the_wrong_way_round" breaks="about a quarter held out, every class on both sides" says="comes first" may_fail="test-hand-in"
from course_utils.evaluate import grouped_splits


def split_by_object(labels, groups, seed):
    train, held_out = grouped_splits(labels, groups, folds=4, seed=seed)[0]
    return held_out, train


# %% right "Draws a quarter of each class's objects with NumPy alone." name="split_by_hand"
import numpy as np


def split_by_object(labels, groups, seed):
    rng = np.random.default_rng(seed)
    chosen = []
    for label in np.unique(labels):
        objects = rng.permutation(np.unique(groups[labels == label]))
        chosen += list(objects[: max(1, round(len(objects) / 4))])
    held_out = np.isin(groups, chosen)
    return np.flatnonzero(~held_out), np.flatnonzero(held_out)
