"""Takes the folder for the object."""

from pathlib import Path

import numpy as np

REPLACES = "objects-of"
MUST_FAIL = ("test-objects-of",)
MAY_FAIL = ("test-hand-in",)


def objects_of(paths):
    return np.unique([Path(path).parent.name for path in paths], return_inverse=True)[1]
