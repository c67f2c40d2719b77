# %% wrong "Averages over the arrays, so a short bias counts as much as a long kernel." name="far_as_a_mean_over_arrays" breaks="weights that moved" says="This is the mean over the arrays" marks=1.0
import numpy as np


def how_far(before, after):
    return float(np.mean([np.linalg.norm(b - a) / np.linalg.norm(a) for a, b in zip(before, after, strict=True)]))


# %% wrong "Compares an array with itself, so nothing ever moves." name="far_is_nothing" says="For weights that moved you give 0 too" marks=0
def how_far(before, after):
    return float(sum(abs(new - new).sum() for new in after))


# %% wrong "Forgets to divide by the length before." name="far_not_relative" breaks="weights that moved" says="This is the distance itself" marks=1.0
import numpy as np


def how_far(before, after):
    return float(np.sqrt(sum(((b - a) ** 2).sum() for a, b in zip(before, after, strict=True))))


# %% wrong "Divides the sums of squares and leaves the root out." name="far_without_the_root" breaks="weights that moved" says="This is the square."
def how_far(before, after):
    change = sum(((b - a) ** 2).sum() for a, b in zip(before, after, strict=True))
    return float(change / sum((a**2).sum() for a in before))


# %% right "Adds up squares array by array." name="far_array_by_array"
import numpy as np


def how_far(before, after):
    change = length = 0.0
    for old, new in zip(before, after, strict=True):
        change += np.sum((np.asarray(new) - np.asarray(old)) ** 2)
        length += np.sum(np.square(old))
    return np.sqrt(change / length)
