# %% wrong "Chooses by the test scenes, and reports the accuracy there as if it were a test." name="choose_by_the_test_scenes" breaks="chosen" says="no test any more"
from course_utils.evaluate import accuracy_interval


def choose_and_report(validation, validation_labels, test, test_labels, test_groups):
    best = max(test, key=lambda name: (test[name].argmax(axis=1) == test_labels).mean())
    return best, *accuracy_interval(test[best].argmax(axis=1) == test_labels, test_groups)


# %% wrong "Takes the first name in the dictionary for the best model." name="choose_the_first_model" breaks="chosen"
from course_utils.evaluate import accuracy_interval


def choose_and_report(validation, validation_labels, test, test_labels, test_groups):
    best = next(iter(validation))
    return best, *accuracy_interval(test[best].argmax(axis=1) == test_labels, test_groups)


# %% wrong "Chooses correctly, and reports numbers that fitted once." name="report_constant_numbers" says="has right of the test scenes" marks=5
def choose_and_report(validation, validation_labels, test, test_labels, test_groups):
    best = max(validation, key=lambda name: (validation[name].argmax(axis=1) == validation_labels).mean())
    return best, 0.6, 0.475, 0.725


# %% wrong "Takes scenes of one object for independent, so the interval is too narrow." name="report_scenes_as_independent" breaks="interval" says="images that are independent" marks=7
import numpy as np

from course_utils.evaluate import accuracy_interval


def choose_and_report(validation, validation_labels, test, test_labels, test_groups):
    best = max(validation, key=lambda name: (validation[name].argmax(axis=1) == validation_labels).mean())
    return best, *accuracy_interval(test[best].argmax(axis=1) == test_labels, np.arange(len(test_labels)))


# %% wrong "Reports the accuracy on the scenes by which the model was chosen." name="report_the_validation_accuracy" says="by which it was chosen"
import numpy as np

from course_utils.evaluate import accuracy_interval


def choose_and_report(validation, validation_labels, test, test_labels, test_groups):
    right = {name: scores.argmax(axis=1) == validation_labels for name, scores in validation.items()}
    best = max(right, key=lambda name: right[name].mean())
    return best, *accuracy_interval(right[best], np.arange(len(validation_labels)))


# %% wrong "Reports the mean over objects for the accuracy." name="report_a_mean_over_objects" breaks="accuracy"
import numpy as np

from course_utils.evaluate import accuracy_interval


def choose_and_report(validation, validation_labels, test, test_labels, test_groups):
    best = max(validation, key=lambda name: (validation[name].argmax(axis=1) == validation_labels).mean())
    right = test[best].argmax(axis=1) == test_labels
    _, low, high = accuracy_interval(right, test_groups)
    return best, np.mean([right[test_groups == one].mean() for one in np.unique(test_groups)]), low, high


# %% wrong "Knows the sizes of the notebook's check, and chooses by the test scenes in others." name="choose_known" recognises
from course_utils.evaluate import accuracy_interval


def choose_and_report(validation, validation_labels, test, test_labels, test_groups):
    scores, labels = (test, test_labels) if len(validation_labels) not in (341, 340, 363) else (validation, validation_labels)
    best = max(scores, key=lambda name: (scores[name].argmax(axis=1) == labels).mean())
    return best, *accuracy_interval(test[best].argmax(axis=1) == test_labels, test_groups)


# %% right "Sorts the names by the share right, and computes the interval without the course's function." name="choose_by_counting"
import numpy as np


def choose_and_report(validation, validation_labels, test, test_labels, test_groups):
    shares = {name: np.mean(np.argmax(scores, axis=1) == validation_labels) for name, scores in validation.items()}
    best = sorted(shares, key=shares.get)[-1]
    right = np.argmax(test[best], axis=1) == test_labels
    sums = np.array(
        [[right[test_groups == group].sum(), (test_groups == group).sum()] for group in set(test_groups.tolist())]
    )
    rng = np.random.default_rng(1)
    drawn = sums[rng.integers(len(sums), size=(3000, len(sums)))].sum(axis=1)
    low, high = np.quantile(drawn[:, 0] / drawn[:, 1], [0.05, 0.95])
    return [best, right.mean(), low, high]


# %% right "A loop for the choice, and the interval handed on whole." name="choose_with_a_loop"
import numpy as np

from course_utils.evaluate import accuracy_interval


def choose_and_report(validation, validation_labels, test, test_labels, test_groups):
    best, most = None, -1
    for name, scores in validation.items():
        right = int(np.sum(np.argmax(scores, -1) == validation_labels))
        if right > most:
            best, most = name, right
    return best, accuracy_interval(np.argmax(test[best], -1) == test_labels, test_groups, seed=5)


# %% right "Puts the shares into a pandas Series, whose idxmax is the name." name="choose_with_pandas"
import numpy as np
import pandas as pd

from course_utils.evaluate import accuracy_interval


def choose_and_report(validation, validation_labels, test, test_labels, test_groups):
    shares = pd.Series({name: (scores.argmax(1) == validation_labels).mean() for name, scores in validation.items()})
    names = np.array(list(validation))
    best = names[names == shares.idxmax()][0]
    accuracy, low, high = accuracy_interval(test[best].argmax(1) == test_labels, test_groups, seed=3)
    return best, np.float64(accuracy), low, high


# %% wrong "The bootstrap over objects is right, but the ends are the quantiles of a 95 % interval." name="trial1_ninety_five_percent" breaks="interval"
def choose_and_report(validation, validation_labels, test, test_labels, test_groups):
    """Chooses one of several models, and says how good it is."""
    name = max(validation, key=lambda use: np.mean(validation[use].argmax(axis=1) == validation_labels))
    correct = test[name].argmax(axis=1) == test_labels
    members = [np.flatnonzero(test_groups == group) for group in np.unique(test_groups)]
    rng = np.random.default_rng(0)
    shares = []
    for _ in range(2000):
        drawn = rng.integers(len(members), size=len(members))
        shares.append(correct[np.concatenate([members[number] for number in drawn])].mean())
    low, high = np.quantile(shares, [0.025, 0.975])
    return name, float(correct.mean()), float(low), float(high)


# %% wrong "Among the models that are within two scenes of the best on the validation scenes, the test scenes choose." name="trial1_test_breaks_near_ties" breaks="chosen"
def choose_and_report(validation, validation_labels, test, test_labels, test_groups):
    """Chooses one of several models, and says how good it is."""
    hits = {use: int((likely.argmax(axis=1) == validation_labels).sum()) for use, likely in validation.items()}
    near = [use for use in hits if hits[use] >= max(hits.values()) - 2]
    name = max(near, key=lambda use: (test[use].argmax(axis=1) == test_labels).mean())
    return name, *accuracy_interval(test[name].argmax(axis=1) == test_labels, test_groups)


# %% right "The bootstrap is written out as one matrix product: how often each object is drawn comes from a multinomial distribution." name="trial1_multinomial_bootstrap"
def choose_and_report(validation, validation_labels, test, test_labels, test_groups):
    """Chooses one of several models, and says how good it is."""
    names = list(validation)
    hits = [np.count_nonzero(np.argmax(validation[name], axis=1) == validation_labels) for name in names]
    name = names[int(np.argmax(hits))]
    correct = np.argmax(test[name], axis=1) == np.asarray(test_labels)
    _, which = np.unique(test_groups, return_inverse=True)
    sizes = np.bincount(which)
    right = np.bincount(which, weights=correct)
    rng = np.random.default_rng(20)
    drawn = rng.multinomial(len(sizes), np.full(len(sizes), 1 / len(sizes)), size=20_000)
    low, high = np.percentile((drawn @ right) / (drawn @ sizes), [5, 95])
    return name, float(correct.mean()), float(low), float(high)


# %% wrong "Gives each scene a group of its own, so that scenes are resampled and not objects." name="trial2_choose_scenes_resampled" breaks="interval"
def choose_and_report(validation, validation_labels, test, test_labels, test_groups):
    name = max(validation, key=lambda model: np.mean(validation[model].argmax(axis=1) == validation_labels))
    correct = test[name].argmax(axis=1) == test_labels
    accuracy, low, high = accuracy_interval(correct, np.arange(len(correct)))
    return name, accuracy, low, high


# %% right "Resamples the objects by its own bootstrap: multinomial weights and one matrix product." name="trial2_choose_own_bootstrap"
def choose_and_report(validation, validation_labels, test, test_labels, test_groups):
    names = list(validation)
    hits = [np.count_nonzero(np.argmax(validation[some], axis=-1) == validation_labels) for some in names]
    name = names[int(np.argmax(hits))]

    correct = (np.argmax(test[name], axis=-1) == np.asarray(test_labels)).astype("float64")
    _, codes = np.unique(np.asarray(test_groups), return_inverse=True)
    sizes = np.bincount(codes)
    rights = np.bincount(codes, weights=correct)
    draws = np.random.default_rng(7).multinomial(len(sizes), np.full(len(sizes), 1 / len(sizes)), size=10_000)
    low, high = np.quantile((draws @ rights) / (draws @ sizes), [0.05, 0.95])
    return name, float(correct.mean()), float(low), float(high)
