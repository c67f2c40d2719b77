"""Compares with each of the five in turn."""

import numpy as np

from course_utils.models import preprocess

REPLACES = "feeding-mistake"


def feeding_mistake(pixels, batch, name):
    if np.allclose(batch, pixels):
        return "not prepared"
    if np.allclose(batch, pixels / 255, atol=1e-4):
        return "divided by 255"
    right = preprocess(name, pixels)
    for words, other in (("right", right), ("red and blue swapped", preprocess(name, pixels[:, :, :, [2, 1, 0]]))):
        if np.allclose(batch, other, atol=1e-3):
            return words
    return "prepared twice"
