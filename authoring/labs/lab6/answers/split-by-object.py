# %% wrong "Shuffles images, so that images of one object lie on both sides." name="split_by_image" breaks="no leak" says="on both sides" may_fail="test-hand-in"
import numpy as np


def split_by_object(labels, groups, seed):
    order = np.random.default_rng(seed).permutation(len(labels))
    quarter = len(labels) // 4
    return order[quarter:], order[:quarter]


# %% wrong "Holds out the same objects whatever the seed." name="split_ignores_the_seed" breaks="seed" says="Whatever the seed" may_fail="test-hand-in"
from course_utils.evaluate import grouped_splits


def split_by_object(labels, groups, seed):
    return grouped_splits(labels, groups, folds=4, seed=0)[0]


# %% wrong "Returns the small part first." name="split_the_wrong_way_round" breaks="a quarter" says="comes first" may_fail="test-hand-in"
from course_utils.evaluate import grouped_splits


def split_by_object(labels, groups, seed):
    train, held_out = grouped_splits(labels, groups, folds=4, seed=seed)[0]
    return held_out, train


# %% wrong "Never holds out an object of the last class." name="split_that_forgets_a_class" breaks="every class" says="Divide the objects of each class" may_fail="test-hand-in"
import numpy as np


def split_by_object(labels, groups, seed):
    number = len(np.unique(groups)) // 4
    objects = np.random.default_rng(seed).permutation(np.unique(groups[labels < labels.max()]))
    held_out = np.isin(groups, objects[:number])
    return np.flatnonzero(~held_out), np.flatnonzero(held_out)


# %% wrong "Holds out a quarter and trains on half of the rest." name="split_that_loses_images" breaks="every image" says="in neither part" may_fail="test-hand-in"
from course_utils.evaluate import grouped_splits


def split_by_object(labels, groups, seed):
    train, held_out = grouped_splits(labels, groups, folds=4, seed=seed)[0]
    return train[::2], held_out


# %% wrong "Knows the groups of the notebook's check, and splits others by image." name="split_known" recognises may_fail="test-hand-in"
import numpy as np

from course_utils.evaluate import grouped_splits


def split_by_object(labels, groups, seed):
    if len(groups) == 233 and groups[0] == 7336:
        return grouped_splits(labels, groups, folds=4, seed=seed)[0]
    order = np.random.default_rng(seed).permutation(len(labels))
    return order[len(labels) // 4 :], order[: len(labels) // 4]


# %% wrong "Sets a validation part aside as well, so that its images are in neither of the two arrays." name="trial6_validation_part_lost" breaks="every image" may_fail="test-hand-in"


# %% right "Takes the first fold of scikit-learn's StratifiedGroupKFold." name="split_by_stratified_folds" may_fail="test-hand-in"
from sklearn.model_selection import StratifiedGroupKFold


def split_by_object(labels, groups, seed):
    folds = StratifiedGroupKFold(n_splits=4, shuffle=True, random_state=seed)
    return next(folds.split(labels, labels, groups))


# %% right "Returns two masks, from a split of the objects by train_test_split." name="split_into_masks" may_fail="test-hand-in"
import numpy as np
from sklearn.model_selection import train_test_split


def split_by_object(labels, groups, seed):
    objects, first = np.unique(groups, return_index=True)
    train, _ = train_test_split(objects, test_size=0.25, random_state=seed, stratify=labels[first])
    mask = np.isin(groups, train)
    return mask, ~mask


# %% right "Draws a quarter of each class's objects with NumPy alone." name="split_by_hand" may_fail="test-hand-in"
import numpy as np


def split_by_object(labels, groups, seed):
    rng = np.random.default_rng(seed)
    chosen = []
    for label in np.unique(labels):
        objects = rng.permutation(np.unique(groups[labels == label]))
        chosen += list(objects[: max(1, round(len(objects) / 4))])
    held_out = np.isin(groups, chosen)
    return np.flatnonzero(~held_out), np.flatnonzero(held_out)


# %% wrong "It splits by object and then moves one image of a held-out object, which has others, to the images to train on." name="trial2_split_one_image_moved" breaks="no leak" may_fail="test-hand-in"
