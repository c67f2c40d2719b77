"""Returns two masks; fills the test part object by object until it is large enough."""

import random

import numpy as np

REPLACES = "honest-split"


def honest_split(groups, share, seed):
    names = sorted(set(groups.tolist()))
    random.Random(seed).shuffle(names)
    test = np.zeros(len(groups), dtype=bool)
    while test.mean() < share - 0.03:
        test |= groups == names.pop()
    return ~test, test
