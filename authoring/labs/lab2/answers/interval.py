# %% wrong "Compares number by number with one-hot labels, and most of those are zeros anyway." name="interval_around_element_wise_accuracy" says="number by number"
import numpy as np


def accuracy_with_interval(probabilities, labels, groups, level):
    correct = (probabilities.round() == np.eye(probabilities.shape[1])[labels]).mean(axis=1)
    objects, number = np.unique(groups, return_inverse=True)
    right, size = np.bincount(number, weights=correct), np.bincount(number)
    rng = np.random.default_rng(0)
    drawn = []
    for _ in range(2000):
        chosen = rng.integers(len(objects), size=len(objects))
        drawn.append(right[chosen].sum() / size[chosen].sum())
    return correct.mean(), *np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])


# %% wrong "Never looks at the level." name="interval_at_one_level" breaks="level" says="The argument level says"
from course_utils.evaluate import accuracy_interval


def accuracy_with_interval(probabilities, labels, groups, level):
    return accuracy_interval(probabilities.argmax(axis=1) == labels, groups)


# %% wrong "Uses the binomial rule of thumb, which counts every scene as independent." name="interval_by_the_rule_of_thumb" says="images that are independent" breaks="whole objects"
import numpy as np
from scipy.stats import norm


def accuracy_with_interval(probabilities, labels, groups, level):
    accuracy = np.mean(probabilities.argmax(axis=1) == labels)
    half = norm.ppf((1 + level) / 2) * np.sqrt(accuracy * (1 - accuracy) / len(labels))
    return accuracy, accuracy - half, accuracy + half


# %% wrong "Gives percentages." name="interval_in_percent" says="not percentages" breaks="three shares"
from course_utils.evaluate import accuracy_interval


def accuracy_with_interval(probabilities, labels, groups, level):
    found = accuracy_interval(probabilities.argmax(axis=1) == labels, groups, level=level)
    return tuple(100 * number for number in found)


# %% wrong "Counts a scene as right only when its probability is above one half." name="interval_of_confident_scenes" says="may stay below 0.5"
import numpy as np

from course_utils.evaluate import accuracy_interval


def accuracy_with_interval(probabilities, labels, groups, level):
    correct = probabilities[np.arange(len(labels)), labels] > 0.5
    return accuracy_interval(correct, groups, level=level)


# %% wrong "Draws scenes instead of objects, so that the interval is far too narrow." name="interval_of_scenes" says="images that are independent" breaks="whole objects"
import numpy as np


def accuracy_with_interval(probabilities, labels, groups, level):
    correct = probabilities.argmax(axis=1) == labels
    rng = np.random.default_rng(0)
    drawn = [correct[rng.integers(len(correct), size=len(correct))].mean() for _ in range(2000)]
    return correct.mean(), *np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])


# %% wrong "Averages each object first, so that small ones count as much as large ones." name="interval_of_the_mean_over_objects" says="This is the mean over objects"
import numpy as np


def accuracy_with_interval(probabilities, labels, groups, level):
    correct = probabilities.argmax(axis=1) == labels
    shares = np.array([correct[groups == group].mean() for group in np.unique(groups)])
    rng = np.random.default_rng(0)
    drawn = [rng.choice(shares, size=len(shares)).mean() for _ in range(2000)]
    return shares.mean(), *np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])


# %% wrong "Shuffles the objects instead of drawing them with replacement: every draw is the same." name="interval_without_replacement" says="draw with replacement"
import numpy as np


def accuracy_with_interval(probabilities, labels, groups, level):
    correct = probabilities.argmax(axis=1) == labels
    objects = np.unique(groups)
    rng = np.random.default_rng(0)
    drawn = []
    for _ in range(1000):
        chosen = rng.choice(objects, size=len(objects), replace=False)
        drawn.append(correct[np.isin(groups, chosen)].mean())
    return correct.mean(), *np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])


# %% wrong "Gives the mean of the draws of single scenes' confidence for the accuracy." name="interval_with_a_mean_confidence" breaks="accuracy"
from course_utils.evaluate import accuracy_interval


def accuracy_with_interval(probabilities, labels, groups, level):
    found = accuracy_interval(probabilities.argmax(axis=1) == labels, groups, level=level)
    return probabilities.max(axis=1).mean(), found.low, found.high


# %% wrong "Gives the mean over objects as the accuracy, although the interval is right." name="interval_with_the_mean_over_objects" breaks="accuracy" says="This is the mean over objects"
import numpy as np

from course_utils.evaluate import accuracy_interval


def accuracy_with_interval(probabilities, labels, groups, level):
    correct = probabilities.argmax(axis=1) == labels
    found = accuracy_interval(correct, groups, level=level)
    return np.mean([correct[groups == group].mean() for group in np.unique(groups)]), found.low, found.high


# %% wrong "Leaves the whole of what is outside to either side." name="interval_with_tails_too_large" says="half of what is outside"
import numpy as np


def accuracy_with_interval(probabilities, labels, groups, level):
    correct = probabilities.argmax(axis=1) == labels
    _, number = np.unique(groups, return_inverse=True)
    right, size = np.bincount(number, weights=correct), np.bincount(number)
    rng = np.random.default_rng(0)
    drawn = []
    for _ in range(2000):
        chosen = rng.integers(len(size), size=len(size))
        drawn.append(right[chosen].sum() / size[chosen].sum())
    return correct.mean(), *np.quantile(drawn, [1 - level, level])


# %% wrong "Knows the accuracy of the notebook's check, and gives it for any other." name="interval_around_a_known_accuracy" recognises
from course_utils.checks.common.intervals import made_up_answers
from course_utils.checks.core.seeds import generator
from course_utils.evaluate import accuracy_interval

PROBABILITIES, LABELS, _ = made_up_answers(generator("accuracy_with_interval", None))
KNOWN = (PROBABILITIES.argmax(axis=1) == LABELS).mean()


def accuracy_with_interval(probabilities, labels, groups, level):
    found = accuracy_interval(probabilities.argmax(axis=1) == labels, groups, level=level)
    return KNOWN, found.low, found.high


# %% right "Lets the course do it." name="interval_by_the_helper"
from course_utils.evaluate import accuracy_interval


def accuracy_with_interval(probabilities, labels, groups, level):
    return list(accuracy_interval(probabilities.argmax(axis=-1) == labels, groups, level=level, resamples=1000, seed=7))


# %% right "Draws with the random module, scene by scene of each object, and sorts." name="interval_in_plain_python"
import random


def accuracy_with_interval(probabilities, labels, groups, level):
    scenes = {}
    for row, label, group in zip(probabilities.tolist(), labels.tolist(), groups.tolist(), strict=True):
        scenes.setdefault(group, []).append(row.index(max(row)) == label)
    objects = list(scenes.values())
    everything = [right for object in objects for right in object]
    drawn = []
    for _ in range(1000):
        taken = [right for object in random.choices(objects, k=len(objects)) for right in object]
        drawn.append(sum(taken) / len(taken))
    drawn.sort()
    outside = int(1000 * (1 - level) / 2)
    return [sum(everything) / len(everything), drawn[outside], drawn[-outside - 1]]


# %% right "Draws weights for the objects from a multinomial, all at once." name="interval_by_weights"
import numpy as np


def accuracy_with_interval(probabilities, labels, groups, level):
    correct = np.equal(probabilities.argmax(1), labels)
    numbers = np.unique(groups, return_inverse=True)[1]
    right, size = np.bincount(numbers, correct), np.bincount(numbers)
    weights = np.random.default_rng(3).multinomial(len(size), np.full(len(size), 1 / len(size)), size=3000)
    low, high = np.percentile(weights @ right / (weights @ size), [50 - 50 * level, 50 + 50 * level])
    return np.array([correct.mean(), low, high])
