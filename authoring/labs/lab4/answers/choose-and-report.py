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
    scores, labels = (test, test_labels) if len(validation_labels) not in (341, 396, 395) else (validation, validation_labels)
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


# %% wrong "Gives the interval of the mean over objects with the accuracy over scenes." name="interval_of_another_mean" breaks="interval"
def choose_and_report(validation, validation_labels, test, test_labels, test_groups):
    name = max(validation, key=lambda one: (validation[one].argmax(axis=1) == validation_labels).mean())
    right = test[name].argmax(axis=1) == test_labels
    per_object = np.array([right[test_groups == group].mean() for group in np.unique(test_groups)])
    rng = np.random.default_rng(0)
    means = [rng.choice(per_object, size=len(per_object)).mean() for _ in range(2000)]
    low, high = np.quantile(means, [0.05, 0.95])
    return name, right.mean(), low, high


# %% wrong "Names the model that the validation scenes choose, and reports the accuracy and interval of the one that is best on the test scenes." name="trial4_name_of_one_number_of_another"
