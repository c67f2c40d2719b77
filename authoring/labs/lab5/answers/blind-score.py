# %% wrong "Gives what guessing would give: one over the number of classes." name="blind_is_chance" breaks="the score of a model that never says yes" says="Compare an array of zeros with one_hot"
def blind_score(one_hot):
    return 1 / one_hot.shape[1]


# %% wrong "Gives the accuracy of always naming the most frequent class." name="blind_is_one_class" breaks="the score of a model that never says yes"
def blind_score(one_hot):
    return one_hot.sum(axis=0).max() / len(one_hot)


# %% wrong "Gives one number per image and forgets the mean." name="blind_not_a_mean" breaks="the score of a model that never says yes" says="Is a mean or a sum missing?" marks=0
import numpy as np


def blind_score(one_hot):
    return (np.zeros_like(one_hot) == one_hot).mean(axis=1)


# %% right "Works the score out from the number of classes." name="blind_by_arithmetic"
def blind_score(one_hot):
    rows, classes = one_hot.shape
    return (rows * classes - one_hot.sum()) / (rows * classes)
