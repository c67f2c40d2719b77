# %% wrong "Takes the commonest class of the images held out, which nobody can know." name="judge_majority_of_the_held_out" breaks="what the majority class would reach" says="nobody knows beforehand"
import numpy as np

from course_utils.evaluate import accuracy_interval


def judge(probabilities, labels, groups, training_labels):
    accuracy, low, high = accuracy_interval(probabilities.argmax(axis=1) == labels, groups)
    return accuracy, low, high, np.bincount(labels).max() / len(labels)


# %% wrong "Gives the commonest class's share of the training part." name="judge_majority_share_of_training" breaks="what the majority class would reach" says="its share of the training part"
import numpy as np

from course_utils.evaluate import accuracy_interval


def judge(probabilities, labels, groups, training_labels):
    accuracy, low, high = accuracy_interval(probabilities.argmax(axis=1) == labels, groups)
    return accuracy, low, high, np.bincount(training_labels).max() / len(training_labels)


# %% wrong "Counts images where objects should be counted." name="judge_pictures_for_independent" breaks="an interval that counts objects" says="images that are independent"
import numpy as np

from course_utils.evaluate import accuracy_interval


def judge(probabilities, labels, groups, training_labels):
    accuracy, low, high = accuracy_interval(probabilities.argmax(axis=1) == labels, np.arange(len(labels)))
    return accuracy, low, high, np.mean(labels == np.bincount(training_labels).argmax())


# %% wrong "Calls an image right when the right class has more than one half." name="judge_rounded_probabilities"
import numpy as np

from course_utils.evaluate import accuracy_interval


def judge(probabilities, labels, groups, training_labels):
    correct = probabilities[np.arange(len(labels)), labels] > 0.5
    accuracy, low, high = accuracy_interval(correct, groups)
    return accuracy, low, high, np.mean(labels == np.bincount(training_labels).argmax())


# %% right "Counts by hand and returns a list." name="judge_as_a_list"
import numpy as np

from course_utils.evaluate import accuracy_interval


def judge(probabilities, labels, groups, training_labels):
    correct = np.argmax(probabilities, -1) == labels
    interval = accuracy_interval(correct, groups)
    classes, counts = np.unique(training_labels, return_counts=True)
    return [*interval, float((labels == classes[np.argmax(counts)]).sum() / len(labels))]
