# %% wrong "Believes training=False: calls the model instead of fitting it." name="statistics_believed_from_the_call" breaks="some layers frozen" marks=1.5
import keras
import numpy as np


def statistics_moved(model, images, labels):
    norms = [layer for layer in model.get_layer("base").layers if isinstance(layer, keras.layers.BatchNormalization)]
    before = [np.array(layer.moving_mean) for layer in norms]
    model.predict(images, verbose=0)
    return sum(not np.array_equal(old, layer.moving_mean) for old, layer in zip(before, norms, strict=True))


# %% wrong "Counts the BatchNorm layers whose flag is set, and never trains." name="statistics_counted_by_the_flag" breaks="some layers frozen" says="one of them stands still all the same" marks=1.5
import keras


def statistics_moved(model, images, labels):
    layers = model.get_layer("base").layers
    return sum(layer.trainable for layer in layers if isinstance(layer, keras.layers.BatchNormalization))


# %% wrong "Counts the BatchNorm layers instead of looking at what moved." name="statistics_counted_not_measured" breaks="measured, not counted" says="That is how many BatchNorm layers there are." marks=0
import keras


def statistics_moved(model, images, labels):
    return sum(isinstance(layer, keras.layers.BatchNormalization) for layer in model.get_layer("base").layers)


# %% wrong "Counts every statistic, two for each layer." name="statistics_counted_twice" breaks="some layers frozen" says="A layer has two statistics: count the layer once." marks=1.5
import numpy as np


def statistics_moved(model, images, labels):
    base = model.get_layer("base")
    before = [np.array(weight) for weight in base.non_trainable_weights if "moving" in weight.name]
    model.fit(images, labels, verbose=0)
    after = [np.array(weight) for weight in base.non_trainable_weights if "moving" in weight.name]
    return sum(not np.array_equal(old, new) for old, new in zip(before, after, strict=True))


# %% wrong "Looks for BatchNorm among the outer model's layers, where there is none." name="statistics_of_the_outer_model_only" breaks="some layers frozen" says="its layers are in base.layers" marks=1.5
import keras
import numpy as np


def statistics_moved(model, images, labels):
    norms = [layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)]
    before = [np.array(layer.moving_mean) for layer in norms]
    model.fit(images, labels, verbose=0)
    return sum(not np.array_equal(old, layer.moving_mean) for old, layer in zip(before, norms, strict=True))


# %% right "Uses the course's fingerprints before and after." name="statistics_by_fingerprints"
from course_utils import inspect


def statistics_moved(model, images, labels):
    before = inspect.fingerprint(model)
    model.fit(images, labels, batch_size=4, epochs=1, verbose=0)
    return len(inspect.compare(before, inspect.fingerprint(model)).statistics_moved)
