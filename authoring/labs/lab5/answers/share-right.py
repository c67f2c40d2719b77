# %% wrong "Keeps counting entries, as the program does." name="right_by_entries" breaks="one image counts once" says="That is the share of entries." marks=0
import numpy as np


def share_right(probabilities, one_hot):
    return float(np.mean(np.round(probabilities) == one_hot))


# %% wrong "Takes the largest number of each class instead of each image." name="right_down_the_columns" breaks="the likeliest class of each image"
import numpy as np


def share_right(probabilities, one_hot):
    return float(np.mean(np.argmax(probabilities, axis=0) == np.argmax(one_hot, axis=0)))


# %% wrong "Leaves the mean to somebody else." name="right_one_per_picture" says="Is a mean or a sum missing?"
import keras


def share_right(probabilities, one_hot):
    return keras.metrics.categorical_accuracy(one_hot, probabilities)


# %% wrong "Counts an image only if the right class gets more than one half." name="right_only_above_one_half" breaks="a model that never passes one half" marks=2.5
import numpy as np


def share_right(probabilities, one_hot):
    return float(np.all((probabilities > 0.5) == (one_hot == 1), axis=1).mean())


# %% right "Lets Keras's categorical accuracy do it." name="right_with_a_keras_metric"
import keras


def share_right(probabilities, one_hot):
    metric = keras.metrics.CategoricalAccuracy()
    metric.update_state(one_hot, probabilities)
    return metric.result()
