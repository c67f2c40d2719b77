"""Cuts names at the first hyphen, so that tea-kettle and tea-towel are one object."""

from pathlib import Path

import numpy as np

REPLACES = "objects-of"
MUST_FAIL = ("test-objects-of",)
MAY_FAIL = ("test-hand-in",)
HINT = "only the last one counts"


def objects_of(paths):
    names = [f"{Path(path).parent.name}/{Path(path).stem.split('-')[0]}" for path in paths]
    return np.unique(names, return_inverse=True)[1]
