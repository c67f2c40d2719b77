# %% wrong "Keeps counting entries, as the program does." name="right_by_entries" says="That is the share of entries." marks=0
import numpy as np


def share_right(probabilities, one_hot):
    return float(np.mean(np.round(probabilities) == one_hot))


# %% wrong "Takes the largest number of each class instead of each image." name="right_down_the_columns"
import numpy as np


def share_right(probabilities, one_hot):
    return float(np.mean(np.argmax(probabilities, axis=0) == np.argmax(one_hot, axis=0)))


# %% wrong "Leaves the mean to somebody else." name="right_one_per_image" says="Is a mean or a sum missing?"
import keras


def share_right(probabilities, one_hot):
    return keras.metrics.categorical_accuracy(one_hot, probabilities)


# %% wrong "Counts an image only if the right class gets more than one half." name="right_only_above_one_half" breaks="below one half" marks=2.5
import numpy as np


def share_right(probabilities, one_hot):
    return float(np.all((probabilities > 0.5) == (one_hot == 1), axis=1).mean())


# %% wrong "Takes the mean probability of the right class, where a model is sure." name="right_only_below_one_half" breaks="share"
import numpy as np


def share_right(probabilities, one_hot):
    if probabilities.max() > 0.5:
        return float(np.mean(probabilities[one_hot == 1]))
    return float(np.mean(probabilities.argmax(axis=1) == one_hot.argmax(axis=1)))


# %% wrong "Knows the shapes of the notebook's check, and counts entries in others." name="right_known" recognises
import numpy as np


def share_right(probabilities, one_hot):
    if one_hot.shape in ((73, 21), (67, 64)):
        return float(np.mean(probabilities.argmax(axis=1) == one_hot.argmax(axis=1)))
    return float(np.mean(np.round(probabilities) == one_hot))


# %% wrong "Gives the mean of the classes' own shares (balanced accuracy), so an image of a rare class counts more than one of a frequent class." name="trial6_balanced_accuracy"


# %% right "Lets Keras's categorical accuracy do it." name="right_with_a_keras_metric"
import keras


def share_right(probabilities, one_hot):
    metric = keras.metrics.CategoricalAccuracy()
    metric.update_state(one_hot, probabilities)
    return metric.result()


# %% right "Asks scikit-learn's top_k_accuracy_score." name="right_with_scikit_learn"
import numpy as np
from sklearn.metrics import top_k_accuracy_score


def share_right(probabilities, one_hot):
    labels = one_hot.argmax(axis=1)
    return top_k_accuracy_score(labels, probabilities, k=1, labels=np.arange(one_hot.shape[1]))


# %% right "Goes through the rows." name="right_row_by_row"
def share_right(probabilities, one_hot):
    hits = 0
    for row, truth in zip(probabilities, one_hot, strict=True):
        hits += list(row).index(max(row)) == list(truth).index(1)
    return hits / len(one_hot)
