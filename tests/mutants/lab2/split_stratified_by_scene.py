"""Uses train_test_split, stratified by class, which knows nothing of cut-outs."""

import numpy as np
from sklearn.model_selection import train_test_split

REPLACES = "split"
MUST_FAIL = ("test-split",)
HINT = "have images on both sides"
MARKS = 2.4


def split_by_cutout(labels, groups, seed):
    return train_test_split(np.arange(len(labels)), test_size=0.25, stratify=labels, random_state=seed)
