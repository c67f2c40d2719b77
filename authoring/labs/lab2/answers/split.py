# %% wrong "Shuffles scenes, so that most objects are on both sides." name="split_by_scene" says="have images on both sides"
import numpy as np


def split_by_object(labels, groups, seed):
    order = np.random.default_rng(seed).permutation(len(labels))
    quarter = len(labels) // 4
    return order[quarter:], order[:quarter]


# %% wrong "Returns the numbers of the objects instead of the positions of their scenes." name="split_into_objects" says="look like the groups' own numbers"
import numpy as np


def split_by_object(labels, groups, seed):
    objects = np.random.default_rng(seed).permutation(np.unique(groups))
    quarter = len(objects) // 4
    return objects[quarter:], objects[:quarter]


# %% wrong "Holds out a quarter of the objects that lie side by side in the order of their classes." name="split_off_whole_classes" says="expected every class on both sides" breaks="every class"
import numpy as np


def split_by_object(labels, groups, seed):
    rng = np.random.default_rng(seed)
    objects, first = np.unique(groups, return_index=True)
    objects = np.roll(objects[np.lexsort((rng.random(len(objects)), labels[first]))], rng.integers(len(objects)))
    held_out = np.isin(groups, objects[-(len(objects) // 4) :])
    return np.flatnonzero(~held_out), np.flatnonzero(held_out)


# %% wrong "Gives objects that hold another split each time somebody reads them: first all scenes, then one without a leak." name="split_read_anew_each_time"
import itertools

import numpy as np

_calls = itertools.count(1)


class Changing:
    def __init__(self, *answers):
        self.answers = list(answers)

    def numpy(self):
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def split_by_object(labels, groups, seed):
    rng = np.random.default_rng(seed)
    # By scene, with a leak: what the first part wants is that every scene is there.
    mixed = rng.permutation(len(labels))
    quarter = len(labels) // 4
    # By object: what the other parts want.
    held = np.zeros(len(labels), dtype=bool)
    for label in np.unique(labels):
        own = rng.permutation(np.unique(groups[labels == label]))
        held |= np.isin(groups, own[: max(1, len(own) // 4)])
    honest = np.flatnonzero(~held), np.flatnonzero(held)
    if next(_calls) % 6 == 4:  # the fourth of a check's six calls is the one that asks for the same split again
        return honest
    return Changing(mixed[quarter:], honest[0]), Changing(mixed[:quarter], honest[1])


# %% wrong "Takes one part from one shuffle and skips the other from the next, so that the parts overlap." name="split_reshuffled" says="Draw once, then divide."
import numpy as np


def split_by_object(labels, groups, seed):
    rng = np.random.default_rng(seed)
    objects = np.unique(groups)
    quarter = len(objects) // 4
    held_out = rng.permutation(objects)[:quarter]
    train = rng.permutation(objects)[quarter:]
    return np.flatnonzero(np.isin(groups, train)), np.flatnonzero(np.isin(groups, held_out))


# %% wrong "Uses train_test_split, stratified by class, which knows nothing of objects." name="split_stratified_by_scene" says="have images on both sides" breaks="no leak"
import numpy as np
from sklearn.model_selection import train_test_split


def split_by_object(labels, groups, seed):
    return train_test_split(np.arange(len(labels)), test_size=0.25, stratify=labels, random_state=seed)


# %% wrong "Returns the part that is held out first." name="split_the_wrong_way_round" says="The part to train on comes first." breaks="a quarter"
from course_utils.evaluate import grouped_splits


def split_by_object(labels, groups, seed):
    train, held_out = grouped_splits(labels, groups, folds=4, seed=seed)[0]
    return held_out, train


# %% wrong "Starts from seed 0 always." name="split_whatever_the_seed" says="Whatever the seed" breaks="seed"
from course_utils.evaluate import grouped_splits


def split_by_object(labels, groups, seed):
    return grouped_splits(labels, groups, folds=4)[0]


# %% wrong "Shuffles with a generator that is seeded by nothing." name="split_without_a_seed" says="made inside the function" breaks="seed"
import numpy as np


def split_by_object(labels, groups, seed):
    rng = np.random.default_rng()
    chosen = []
    for label in np.unique(labels):
        objects = rng.permutation(np.unique(groups[labels == label]))
        chosen += list(objects[: round(len(objects) / 4)])
    held_out = np.isin(groups, chosen)
    return np.flatnonzero(~held_out), np.flatnonzero(held_out)


# %% wrong "Leaves out the objects that it could not share out evenly." name="split_that_leaves_some_out" breaks="every image" says="in neither part"
from course_utils.evaluate import grouped_splits


def split_by_object(labels, groups, seed):
    train, held_out = grouped_splits(labels, groups, folds=4, seed=seed)[0]
    return train[groups[train] != groups[train[0]]], held_out


# %% wrong "Holds out one of ten, as some do." name="split_of_a_tenth" breaks="a quarter" says="expected about a quarter"
import numpy as np


def split_by_object(labels, groups, seed):
    rng = np.random.default_rng(seed)
    chosen = [rng.permutation(np.unique(groups[labels == label]))[:1] for label in np.unique(labels)]
    held_out = np.isin(groups, np.concatenate(chosen))
    return np.flatnonzero(~held_out), np.flatnonzero(held_out)


# %% wrong "Knows the objects of the notebook's check, and splits others by image." name="split_of_known_objects" recognises
import numpy as np

from course_utils.checks.common.splits import labels_and_groups
from course_utils.checks.core.seeds import generator
from course_utils.evaluate import grouped_splits

rng = generator("split_by_object", None)
KNOWN = {len(labels_and_groups(rng)[0]) for _ in range(3)}


def split_by_object(labels, groups, seed):
    if len(labels) in KNOWN:
        return grouped_splits(labels, groups, folds=4, seed=seed)[0]
    order = np.random.default_rng(seed).permutation(len(labels))
    return order[len(labels) // 4 :], order[: len(labels) // 4]


# %% right "Takes the first of four folds of the course." name="split_by_folds"
from course_utils.evaluate import grouped_splits


def split_by_object(labels, groups, seed):
    return grouped_splits(labels, groups, folds=4, seed=seed)[0]


# %% right "Splits objects with train_test_split, stratified by class, and returns masks." name="split_into_masks"
import numpy as np
from sklearn.model_selection import train_test_split


def split_by_object(labels, groups, seed):
    objects, first = np.unique(groups, return_index=True)
    ours, _ = train_test_split(objects, test_size=0.25, stratify=labels[first], random_state=seed)
    train = np.isin(groups, ours)
    return train, ~train


# %% right "Uses scikit-learn's StratifiedGroupKFold and returns lists." name="split_by_stratified_group_folds"
from sklearn.model_selection import StratifiedGroupKFold


def split_by_object(labels, groups, seed):
    folds = StratifiedGroupKFold(n_splits=4, shuffle=True, random_state=seed)
    train, held_out = next(folds.split(labels.reshape(-1, 1), labels, groups))
    return train.tolist(), held_out.tolist()


# %% wrong "Divides the six classes of the scenes, and no class beyond them." name="six_classes" breaks="every class"
def split_by_object(labels, groups, seed):
    rng = np.random.default_rng(seed)
    chosen = []
    for number in range(6):
        objects = rng.permutation(np.unique(groups[labels == number]))
        chosen.extend(objects[: round(len(objects) / 4)])
    held_out = np.isin(groups, chosen)
    return np.flatnonzero(~held_out), np.flatnonzero(held_out)
