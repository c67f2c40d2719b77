"""Numbers the paths in sorted order, so that the numbers belong to other paths."""

from pathlib import Path

import numpy as np

REPLACES = "objects-of"
MUST_FAIL = ("test-objects-of",)
MAY_FAIL = ("test-hand-in",)


def objects_of(paths):
    names = sorted(f"{Path(path).parent.name}/{Path(path).stem.rsplit('-', 1)[0]}" for path in paths)
    return np.unique(names, return_inverse=True)[1]
