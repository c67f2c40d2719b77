# %% wrong "Takes the most frequent class of the images held out, which nobody can know." name="evaluate_majority_of_the_held_out" breaks="baseline" says="nobody knows in advance" may_fail="test-model-card"
import numpy as np

from course_utils.evaluate import accuracy_interval


def evaluate_predictions(probabilities, labels, groups, training_labels):
    accuracy, low, high = accuracy_interval(probabilities.argmax(axis=1) == labels, groups)
    return accuracy, low, high, np.bincount(labels).max() / len(labels)


# %% wrong "Gives the most frequent class's share of the training part." name="evaluate_majority_share_of_training" breaks="baseline" may_fail="test-model-card" says="its share of the training part"
import numpy as np

from course_utils.evaluate import accuracy_interval


def evaluate_predictions(probabilities, labels, groups, training_labels):
    accuracy, low, high = accuracy_interval(probabilities.argmax(axis=1) == labels, groups)
    return accuracy, low, high, np.bincount(training_labels).max() / len(training_labels)


# %% wrong "Counts images where objects should be counted." name="evaluate_images_as_independent" breaks="interval" may_fail="test-model-card" says="images that are independent"
import numpy as np

from course_utils.evaluate import accuracy_interval


def evaluate_predictions(probabilities, labels, groups, training_labels):
    accuracy, low, high = accuracy_interval(probabilities.argmax(axis=1) == labels, np.arange(len(labels)))
    return accuracy, low, high, np.mean(labels == np.bincount(training_labels).argmax())


# %% wrong "Calls an image right when the right class has more than one half." name="evaluate_rounded_probabilities" may_fail="test-model-card"
import numpy as np

from course_utils.evaluate import accuracy_interval


def evaluate_predictions(probabilities, labels, groups, training_labels):
    correct = probabilities[np.arange(len(labels)), labels] > 0.5
    accuracy, low, high = accuracy_interval(correct, groups)
    return accuracy, low, high, np.mean(labels == np.bincount(training_labels).argmax())


# %% wrong "Takes the mean over objects for the accuracy." name="evaluate_mean_over_objects" breaks="accuracy" says="This is the mean over objects" may_fail="test-model-card"
import numpy as np

from course_utils.evaluate import accuracy_interval


def evaluate_predictions(probabilities, labels, groups, training_labels):
    correct = probabilities.argmax(axis=1) == labels
    _, low, high = accuracy_interval(correct, groups)
    mean = np.mean([correct[groups == one].mean() for one in np.unique(groups)])
    return mean, low, high, np.mean(labels == np.bincount(training_labels).argmax())


# %% wrong "Gives an interval that fits many a result, whatever came." name="evaluate_with_a_constant_interval" breaks="interval" may_fail="test-model-card"
import numpy as np


def evaluate_predictions(probabilities, labels, groups, training_labels):
    accuracy = np.mean(probabilities.argmax(axis=1) == labels)
    return accuracy, 0.5, 0.7, np.mean(labels == np.bincount(training_labels).argmax())


# %% wrong "Returns four numbers that fitted once." name="evaluate_with_constants" marks=0 may_fail="test-model-card"
def evaluate_predictions(probabilities, labels, groups, training_labels):
    return 0.6, 0.5, 0.7, 0.15


# %% wrong "Knows the labels of the notebook's check, and takes images for independent in others." name="evaluate_known" recognises may_fail="test-model-card"
import numpy as np

from course_utils.evaluate import accuracy_interval


def evaluate_predictions(probabilities, labels, groups, training_labels):
    if len(labels) not in (310, 304):
        groups = np.arange(len(labels))
    accuracy, low, high = accuracy_interval(probabilities.argmax(axis=1) == labels, groups)
    return accuracy, low, high, np.mean(labels == np.bincount(training_labels).argmax())


# %% wrong "Hands the classes to accuracy_interval in place of the objects, so whole classes are resampled." name="trial5_resamples_classes" breaks="interval" may_fail="test-model-card"


# %% right "Resamples the objects itself, and takes the majority class from a Counter." name="evaluate_by_resampling" may_fail="test-model-card"
from collections import Counter

import numpy as np


def evaluate_predictions(probabilities, labels, groups, training_labels):
    correct = np.argmax(probabilities, axis=1) == labels
    sums = np.array([[correct[groups == one].sum(), (groups == one).sum()] for one in set(groups.tolist())])
    drawn = sums[np.random.default_rng(3).integers(len(sums), size=(4000, len(sums)))].sum(axis=1)
    low, high = np.quantile(drawn[:, 0] / drawn[:, 1], [0.05, 0.95])
    [(frequent, _)] = Counter(np.asarray(training_labels).tolist()).most_common(1)
    return np.float32(correct.mean()), low, high, (labels == frequent).mean()


# %% right "Lets scikit-learn score, with its dummy classifier for the baseline; returns an array." name="evaluate_with_scikit_learn" may_fail="test-model-card"
import numpy as np
from sklearn.dummy import DummyClassifier
from sklearn.metrics import accuracy_score

from course_utils.evaluate import accuracy_interval


def evaluate_predictions(probabilities, labels, groups, training_labels):
    predicted = probabilities.argmax(axis=-1)
    _, low, high = accuracy_interval(predicted == labels, groups, seed=7)
    dummy = DummyClassifier(strategy="most_frequent").fit(np.zeros((len(training_labels), 1)), training_labels)
    return np.array([accuracy_score(labels, predicted), low, high, dummy.score(np.zeros((len(labels), 1)), labels)])


# %% right "Counts by hand and returns a list." name="evaluate_as_a_list" may_fail="test-model-card"
import numpy as np

from course_utils.evaluate import accuracy_interval


def evaluate_predictions(probabilities, labels, groups, training_labels):
    correct = np.argmax(probabilities, -1) == labels
    interval = accuracy_interval(correct, groups)
    classes, counts = np.unique(training_labels, return_counts=True)
    return [*interval, float((labels == classes[np.argmax(counts)]).sum() / len(labels))]


# %% wrong "Resamples objects, but returns the ends of the 95 % interval." name="trial1_ninety_five" breaks="interval" may_fail="test-model-card"


# %% wrong "The baseline is the share of the most frequent class among the training labels themselves, not among the labels held out." name="trial2_evaluate_baseline_of_training" breaks="baseline" may_fail="test-model-card"


# %% wrong "The baseline is the share of the training labels, not of the labels held out, that are the most frequent class." name="trial3_baseline_of_training" breaks="baseline" may_fail="test-model-card"


# %% wrong "It takes each run of equal neighbours in groups for an object, so that images in mixed order are resampled one by one." name="trial3_runs_as_objects" breaks="interval" may_fail="test-model-card"


# %% wrong "Resamples objects, but cuts off 2.5 % at each end: a 95 % interval." name="trial4_ninety_five_per_cent" breaks="interval" may_fail="test-model-card"
