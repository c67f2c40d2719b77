"""Looks at the largest and smallest number only, so swapped colours pass for right."""

import numpy as np

from course_utils.models import preprocess

REPLACES = "feeding-mistake"
MUST_FAIL = ("test-feeding-mistake",)
HINT = "you take a batch that is 'red and blue swapped' for 'right'"


def feeding_mistake(pixels, batch, name):
    right = preprocess(name, pixels)
    if batch.max() <= 1 and batch.min() >= 0:
        return "divided by 255"
    if np.allclose([batch.min(), batch.max()], [pixels.min(), pixels.max()]):
        return "not prepared"
    if batch.max() > right.max() + 1 or batch.min() < right.min() - 1 or np.ptp(batch) < np.ptp(right) / 10:
        return "prepared twice"
    return "right"
