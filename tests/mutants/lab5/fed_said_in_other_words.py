"""Answers in words of its own."""

import numpy as np

from course_utils.models import preprocess

REPLACES = "feeding-mistake"
MUST_FAIL = ("test-feeding-mistake",)
HINT = "expected one of 'right', 'divided by 255'"
MARKS = 0


def feeding_mistake(pixels, batch, name):
    return "ok" if np.allclose(batch, preprocess(name, pixels)) else "scaled to 0 … 1"
