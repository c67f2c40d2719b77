"""Splits cut-outs with train_test_split, stratified by class, and returns masks."""

import numpy as np
from sklearn.model_selection import train_test_split

REPLACES = "split"


def split_by_cutout(labels, groups, seed):
    cutouts, first = np.unique(groups, return_index=True)
    ours, _ = train_test_split(cutouts, test_size=0.25, stratify=labels[first], random_state=seed)
    train = np.isin(groups, ours)
    return train, ~train
