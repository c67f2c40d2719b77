# %% wrong "Gives what guessing would give: one over the number of classes." name="blind_is_chance" breaks="score" says="Compare an array of zeros with one_hot"
def blind_score(one_hot):
    return 1 / one_hot.shape[1]


# %% wrong "Gives the majority-class baseline." name="blind_is_one_class" breaks="score"
def blind_score(one_hot):
    return one_hot.sum(axis=0).max() / len(one_hot)


# %% wrong "Gives one number per image and forgets the mean." name="blind_not_a_mean" breaks="score" says="Is a mean or a sum missing?" marks=0
import numpy as np


def blind_score(one_hot):
    return (np.zeros_like(one_hot) == one_hot).mean(axis=1)


# %% wrong "Knows the shapes of the notebook's check, and gives 0.99 for others." name="blind_known" recognises
def blind_score(one_hot):
    return 1 - 1 / one_hot.shape[1] if one_hot.shape in ((21, 48), (30, 21), (54, 125)) else 0.99


# %% right "Works the score out from the number of classes." name="blind_by_arithmetic"
def blind_score(one_hot):
    rows, classes = one_hot.shape
    return (rows * classes - one_hot.sum()) / (rows * classes)


# %% right "Lets Keras's own metric score a model of zeros." name="blind_by_the_metric"
import keras
import numpy as np


def blind_score(one_hot):
    metric = keras.metrics.BinaryAccuracy()
    metric.update_state(one_hot, np.zeros(one_hot.shape))
    return metric.result()


# %% right "Counts the entries that are 0." name="blind_by_counting"
import numpy as np


def blind_score(one_hot):
    return np.float32(1 - np.count_nonzero(one_hot) / one_hot.size)
