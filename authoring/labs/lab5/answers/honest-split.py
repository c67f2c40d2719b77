# %% wrong "Shuffles once and shares no image, but nearly every object." name="split_by_images" breaks="no leak" says="Divide the objects"
import numpy as np


def honest_split(groups, share, seed):
    order = np.random.default_rng(seed).permutation(len(groups))
    number = round(share * len(groups))
    return order[number:], order[:number]


# %% wrong "Shuffles again for each side, and checks with an assert that cannot fail." name="split_shuffled_twice" says="Draw once, then divide."
import numpy as np


def honest_split(groups, share, seed):
    rng = np.random.default_rng(seed)
    number = round(share * len(groups))
    test = rng.permutation(len(groups))[:number]
    train = rng.permutation(len(groups))[number:]
    checked = (not set(train) & set(test), "training and test share images")
    assert checked
    return train, test


# %% wrong "Returns the test images first." name="split_the_wrong_way_round" breaks="share" says="of the images; expected about"
import numpy as np


def honest_split(groups, share, seed):
    objects = np.random.default_rng(seed).permutation(np.unique(groups))
    chosen = objects[: round(share * len(objects))]
    test = np.isin(groups, chosen)
    return np.flatnonzero(test), np.flatnonzero(~test)


# %% wrong "Cuts off a validation part and hands that out as the test part, so images are lost." name="split_with_validation_used_as_test" breaks="every image" says="in neither part"
import numpy as np


def honest_split(groups, share, seed):
    objects = np.random.default_rng(seed).permutation(np.unique(groups))
    number = round(share * len(objects))
    validation, held_back = objects[:number], objects[number : 2 * number]
    train = ~np.isin(groups, validation) & ~np.isin(groups, held_back)
    return np.flatnonzero(train), np.flatnonzero(np.isin(groups, validation))


# %% wrong "Ignores the seed: always the first objects." name="split_without_the_seed" breaks="seed" says="Whatever the seed, the same images"
import numpy as np


def honest_split(groups, share, seed):
    objects = np.unique(groups)
    test = np.isin(groups, objects[: round(share * len(objects))])
    return np.flatnonzero(~test), np.flatnonzero(test)


# %% wrong "Knows the number of images of the notebook's check, and splits others by image." name="split_known" recognises
import numpy as np


def honest_split(groups, share, seed):
    rng = np.random.default_rng(seed)
    if len(groups) == 171:
        objects = rng.permutation(np.unique(groups))
        test = np.isin(groups, objects[: round(share * len(objects))])
        return np.flatnonzero(~test), np.flatnonzero(test)
    order = rng.permutation(len(groups))
    return order[round(share * len(groups)) :], order[: round(share * len(groups))]


# %% right "Returns two masks; fills the test part object by object until it is large enough." name="split_as_masks"
import random

import numpy as np


def honest_split(groups, share, seed):
    names = sorted(set(groups.tolist()))
    random.Random(seed).shuffle(names)
    test = np.zeros(len(groups), dtype=bool)
    while test.mean() < share - 0.03:
        test |= groups == names.pop()
    return ~test, test


# %% right "Lets scikit-learn's GroupShuffleSplit do it." name="split_by_scikit_learn"
from sklearn.model_selection import GroupShuffleSplit


def honest_split(groups, share, seed):
    splitter = GroupShuffleSplit(n_splits=1, test_size=share, random_state=seed)
    return next(splitter.split(groups, groups=groups))


# %% right "Divides the objects with train_test_split, and returns lists." name="split_with_train_test_split"
import numpy as np
from sklearn.model_selection import train_test_split


def honest_split(groups, share, seed):
    train, test = train_test_split(np.unique(groups), test_size=share, random_state=seed)
    return [i for i, g in enumerate(groups) if g in train], [i for i, g in enumerate(groups) if g in test]


# %% wrong "Tests on a quarter of the objects, whatever share is asked for." name="always_a_quarter" breaks="share"
def honest_split(groups, share, seed):
    objects = np.random.default_rng(seed).permutation(np.unique(groups))
    testing = np.isin(groups, objects[: len(objects) // 4])
    return np.flatnonzero(~testing), np.flatnonzero(testing)
