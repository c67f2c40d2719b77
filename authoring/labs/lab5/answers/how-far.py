# %% wrong "Averages over the arrays, so a short bias counts as much as a long kernel." name="far_as_a_mean_over_arrays" breaks="relative length" says="This is the mean over the arrays"
import numpy as np


def how_far(before, after):
    return float(np.mean([np.linalg.norm(b - a) / np.linalg.norm(a) for a, b in zip(before, after, strict=True)]))


# %% wrong "Compares an array with itself, so nothing ever moves." name="far_is_nothing" breaks="relative length" marks=0
def how_far(before, after):
    return float(sum(abs(new - new).sum() for new in after))


# %% wrong "Forgets to divide by the length before." name="far_not_relative" breaks="relative length" says="This is the distance itself"
import numpy as np


def how_far(before, after):
    return float(np.sqrt(sum(((b - a) ** 2).sum() for a, b in zip(before, after, strict=True))))


# %% wrong "Divides the sums of squares and leaves the root out." name="far_without_the_root" breaks="relative length" says="This is the square."
def how_far(before, after):
    change = sum(((b - a) ** 2).sum() for a, b in zip(before, after, strict=True))
    return float(change / sum((a**2).sum() for a in before))


# %% wrong "Knows the weights of the notebook's check, and averages over the arrays of others." name="far_known" recognises
import numpy as np


def how_far(before, after):
    lengths = [np.linalg.norm(a) for a in before]
    moves = [np.linalg.norm(b - a) for a, b in zip(before, after, strict=True)]
    if round(float(before[0].sum()), 3) in (-3.33, -9.667, 10.001):
        return np.linalg.norm(moves) / np.linalg.norm(lengths)
    return np.mean(np.divide(moves, lengths))


# %% right "Adds up squares array by array." name="far_array_by_array"
import numpy as np


def how_far(before, after):
    change = length = 0.0
    for old, new in zip(before, after, strict=True):
        change += np.sum((np.asarray(new) - np.asarray(old)) ** 2)
        length += np.sum(np.square(old))
    return np.sqrt(change / length)


# %% right "Lets TensorFlow's global norm do it." name="far_by_the_global_norm"
import tensorflow as tf


def how_far(before, after):
    change = [tf.constant(new) - tf.constant(old) for old, new in zip(before, after, strict=True)]
    return tf.linalg.global_norm(change) / tf.linalg.global_norm([tf.constant(old) for old in before])


# %% right "Joins the flattened arrays." name="far_of_joined_arrays"
import numpy as np


def how_far(before, after):
    old, new = (np.hstack([np.asarray(a).flatten() for a in arrays]) for arrays in (before, after))
    return np.sqrt(((new - old) ** 2).sum()) / np.sqrt((old**2).sum())
