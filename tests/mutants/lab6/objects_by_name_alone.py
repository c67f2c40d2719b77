"""Forgets that objects of different classes may have the same name."""

from pathlib import Path

import numpy as np

REPLACES = "objects-of"
MUST_FAIL = ("test-objects-of",)
MAY_FAIL = ("test-hand-in",)
HINT = "the class belongs to the object"


def objects_of(paths):
    names = [Path(path).stem.rsplit("-", 1)[0] for path in paths]
    return np.unique(names, return_inverse=True)[1]
