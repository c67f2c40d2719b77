"""Stacks the photographs as they come, which only works while all are of one size."""

import numpy as np

from course_utils.models import preprocess

REPLACES = "prepare-batch"
MUST_FAIL = ("test-prepare-batch",)
HINT = "Resize each photograph before stacking."


def prepare_batch(photos, name):
    return preprocess(name, np.stack(photos))
