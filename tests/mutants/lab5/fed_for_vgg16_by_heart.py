"""Prepares for VGG16 whatever base is named."""

import numpy as np

from course_utils.models import preprocess

REPLACES = "feeding-mistake"
MUST_FAIL = ("test-feeding-mistake",)
MARKS = 2.0


def feeding_mistake(pixels, batch, name):
    prepared = preprocess("vgg16", pixels)
    ways = {
        "right": prepared,
        "divided by 255": pixels / 255,
        "not prepared": pixels,
        "prepared twice": preprocess("vgg16", prepared),
        "red and blue swapped": preprocess("vgg16", pixels[..., ::-1]),
    }
    return min(ways, key=lambda what: np.abs(ways[what] - batch).max())
