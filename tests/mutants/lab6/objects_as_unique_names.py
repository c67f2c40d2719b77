"""Returns the distinct names instead of a number for each path."""

from pathlib import Path

import numpy as np

REPLACES = "objects-of"
MUST_FAIL = ("test-objects-of",)
MAY_FAIL = ("test-hand-in",)


def objects_of(paths):
    return np.unique([f"{Path(path).parent.name}/{Path(path).stem.rsplit('-', 1)[0]}" for path in paths])
