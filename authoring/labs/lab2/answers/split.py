# %% wrong "Shuffles scenes, so that most cut-outs are on both sides." name="split_by_scene" breaks="no cut-out on both sides" says="have images on both sides" marks=2.4
import numpy as np


def split_by_cutout(labels, groups, seed):
    order = np.random.default_rng(seed).permutation(len(labels))
    quarter = len(labels) // 4
    return order[quarter:], order[:quarter]


# %% wrong "Returns the numbers of the cut-outs instead of the positions of their scenes." name="split_into_cutouts" breaks="positions of scenes" says="look like the groups' own numbers"
import numpy as np


def split_by_cutout(labels, groups, seed):
    cutouts = np.random.default_rng(seed).permutation(np.unique(groups))
    quarter = len(cutouts) // 4
    return cutouts[quarter:], cutouts[:quarter]


# %% wrong "Holds out the last quarter of the cut-outs, in the order of their classes." name="split_off_whole_classes" breaks="about a quarter held out, every class on both sides" says="expected every class on both sides"
import numpy as np


def split_by_cutout(labels, groups, seed):
    rng = np.random.default_rng(seed)
    cutouts, first = np.unique(groups, return_index=True)
    cutouts = cutouts[np.lexsort((rng.random(len(cutouts)), labels[first]))]
    held_out = np.isin(groups, cutouts[-(len(cutouts) // 4) :])
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


def split_by_cutout(labels, groups, seed):
    rng = np.random.default_rng(seed)
    # By scene, with a leak: what the first part wants is that every scene is there.
    mixed = rng.permutation(len(labels))
    quarter = len(labels) // 4
    # By cut-out: what the other parts want.
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


def split_by_cutout(labels, groups, seed):
    rng = np.random.default_rng(seed)
    cutouts = np.unique(groups)
    quarter = len(cutouts) // 4
    held_out = rng.permutation(cutouts)[:quarter]
    train = rng.permutation(cutouts)[quarter:]
    return np.flatnonzero(np.isin(groups, train)), np.flatnonzero(np.isin(groups, held_out))


# %% wrong "Uses train_test_split, stratified by class, which knows nothing of cut-outs." name="split_stratified_by_scene" breaks="no cut-out on both sides" says="have images on both sides" marks=2.4
import numpy as np
from sklearn.model_selection import train_test_split


def split_by_cutout(labels, groups, seed):
    return train_test_split(np.arange(len(labels)), test_size=0.25, stratify=labels, random_state=seed)


# %% wrong "Returns the part that is held out first." name="split_the_wrong_way_round" breaks="about a quarter held out, every class on both sides" says="The part to train on comes first."
from course_utils.evaluate import grouped_splits


def split_by_cutout(labels, groups, seed):
    train, held_out = grouped_splits(labels, groups, folds=4, seed=seed)[0]
    return held_out, train


# %% wrong "Starts from seed 0 always." name="split_whatever_the_seed" breaks="the seed decides" says="Whatever the seed"
from course_utils.evaluate import grouped_splits


def split_by_cutout(labels, groups, seed):
    return grouped_splits(labels, groups, folds=4)[0]


# %% wrong "Shuffles with a generator that is seeded by nothing." name="split_without_a_seed" breaks="the seed decides" says="made inside the function"
import numpy as np


def split_by_cutout(labels, groups, seed):
    rng = np.random.default_rng()
    chosen = []
    for label in np.unique(labels):
        cutouts = rng.permutation(np.unique(groups[labels == label]))
        chosen += list(cutouts[: round(len(cutouts) / 4)])
    held_out = np.isin(groups, chosen)
    return np.flatnonzero(~held_out), np.flatnonzero(held_out)


# %% right "Takes the first of four folds of the course." name="split_by_folds"
from course_utils.evaluate import grouped_splits


def split_by_cutout(labels, groups, seed):
    return grouped_splits(labels, groups, folds=4, seed=seed)[0]


# %% right "Splits cut-outs with train_test_split, stratified by class, and returns masks." name="split_into_masks"
import numpy as np
from sklearn.model_selection import train_test_split


def split_by_cutout(labels, groups, seed):
    cutouts, first = np.unique(groups, return_index=True)
    ours, _ = train_test_split(cutouts, test_size=0.25, stratify=labels[first], random_state=seed)
    train = np.isin(groups, ours)
    return train, ~train
