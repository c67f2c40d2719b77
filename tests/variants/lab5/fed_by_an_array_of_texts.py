"""Chooses among the five texts in an array, so that the answer is an np.str_."""

import numpy as np

from course_utils.models import preprocess

REPLACES = "feeding-mistake"


def feeding_mistake(pixels, batch, name):
    names = np.array(["right", "divided by 255", "not prepared", "prepared twice", "red and blue swapped"])
    right = preprocess(name, pixels)
    made = [right, pixels / 255, pixels.astype("float32"), preprocess(name, right), preprocess(name, pixels[..., ::-1])]
    return names[np.argmin([np.abs(one - batch).mean() for one in made])]
