# %% wrong "Compares number by number with one-hot labels, and most of those are zeros anyway." name="interval_around_element_wise_accuracy" breaks="accuracy" says="number by number"
import numpy as np


def accuracy_with_interval(probabilities, labels, groups, level):
    correct = (probabilities.round() == np.eye(probabilities.shape[1])[labels]).mean(axis=1)
    cutouts, number = np.unique(groups, return_inverse=True)
    right, size = np.bincount(number, weights=correct), np.bincount(number)
    rng = np.random.default_rng(0)
    drawn = []
    for _ in range(2000):
        chosen = rng.integers(len(cutouts), size=len(cutouts))
        drawn.append(right[chosen].sum() / size[chosen].sum())
    return correct.mean(), *np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])


# %% wrong "Never looks at the level." name="interval_at_one_level" breaks="another level" says="the argument level says" marks=8
from course_utils.evaluate import accuracy_interval


def accuracy_with_interval(probabilities, labels, groups, level):
    return accuracy_interval(probabilities.argmax(axis=1) == labels, groups)


# %% wrong "Uses the binomial rule of thumb, which counts every scene as independent." name="interval_by_the_rule_of_thumb" breaks="an interval that resamples cut-outs" says="images that are independent"
import numpy as np
from scipy.stats import norm


def accuracy_with_interval(probabilities, labels, groups, level):
    accuracy = np.mean(probabilities.argmax(axis=1) == labels)
    half = norm.ppf((1 + level) / 2) * np.sqrt(accuracy * (1 - accuracy) / len(labels))
    return accuracy, accuracy - half, accuracy + half


# %% wrong "Gives percentages." name="interval_in_percent" breaks="shares, not percent" says="not percentages" marks=0
from course_utils.evaluate import accuracy_interval


def accuracy_with_interval(probabilities, labels, groups, level):
    found = accuracy_interval(probabilities.argmax(axis=1) == labels, groups, level=level)
    return tuple(100 * number for number in found)


# %% wrong "Counts a scene as right only when its probability is above one half." name="interval_of_confident_scenes" breaks="accuracy over all scenes" says="may stay below 0.5"
import numpy as np

from course_utils.evaluate import accuracy_interval


def accuracy_with_interval(probabilities, labels, groups, level):
    correct = probabilities[np.arange(len(labels)), labels] > 0.5
    return accuracy_interval(correct, groups, level=level)


# %% wrong "Draws scenes instead of cut-outs, so that the interval is far too narrow." name="interval_of_scenes" breaks="an interval that resamples cut-outs" says="images that are independent"
import numpy as np


def accuracy_with_interval(probabilities, labels, groups, level):
    correct = probabilities.argmax(axis=1) == labels
    rng = np.random.default_rng(0)
    drawn = [correct[rng.integers(len(correct), size=len(correct))].mean() for _ in range(2000)]
    return correct.mean(), *np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])


# %% wrong "Averages each cut-out first, so that small ones count as much as large ones." name="interval_of_the_mean_over_cutouts" breaks="accuracy" says="This is the mean over objects"
import numpy as np


def accuracy_with_interval(probabilities, labels, groups, level):
    correct = probabilities.argmax(axis=1) == labels
    shares = np.array([correct[groups == group].mean() for group in np.unique(groups)])
    rng = np.random.default_rng(0)
    drawn = [rng.choice(shares, size=len(shares)).mean() for _ in range(2000)]
    return shares.mean(), *np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])


# %% wrong "Shuffles the cut-outs instead of drawing them with replacement: every draw is the same." name="interval_without_replacement" breaks="drawn with replacement" says="draw with replacement"
import numpy as np


def accuracy_with_interval(probabilities, labels, groups, level):
    correct = probabilities.argmax(axis=1) == labels
    cutouts = np.unique(groups)
    rng = np.random.default_rng(0)
    drawn = []
    for _ in range(1000):
        chosen = rng.choice(cutouts, size=len(cutouts), replace=False)
        drawn.append(correct[np.isin(groups, chosen)].mean())
    return correct.mean(), *np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])


# %% right "Lets the course do it." name="interval_by_the_helper"
from course_utils.evaluate import accuracy_interval


def accuracy_with_interval(probabilities, labels, groups, level):
    return list(accuracy_interval(probabilities.argmax(axis=-1) == labels, groups, level=level, resamples=1000, seed=7))


# %% right "Draws with the random module, scene by scene of each cut-out, and sorts." name="interval_in_plain_python"
import random


def accuracy_with_interval(probabilities, labels, groups, level):
    scenes = {}
    for row, label, group in zip(probabilities.tolist(), labels.tolist(), groups.tolist(), strict=True):
        scenes.setdefault(group, []).append(row.index(max(row)) == label)
    cutouts = list(scenes.values())
    everything = [right for cutout in cutouts for right in cutout]
    drawn = []
    for _ in range(1000):
        taken = [right for cutout in random.choices(cutouts, k=len(cutouts)) for right in cutout]
        drawn.append(sum(taken) / len(taken))
    drawn.sort()
    outside = int(1000 * (1 - level) / 2)
    return [sum(everything) / len(everything), drawn[outside], drawn[-outside - 1]]
