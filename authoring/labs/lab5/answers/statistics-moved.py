# %% wrong "Believes training=False: calls the model instead of fitting it." name="statistics_believed_from_the_call" breaks="moved statistics" marks=0
import keras
import numpy as np


def statistics_moved(model, images, labels):
    norms = [layer for layer in model.get_layer("base").layers if isinstance(layer, keras.layers.BatchNormalization)]
    before = [np.array(layer.moving_mean) for layer in norms]
    model.predict(images, verbose=0)
    return sum(not np.array_equal(old, layer.moving_mean) for old, layer in zip(before, norms, strict=True))


# %% wrong "Counts the BatchNorm layers whose flag is set, and never trains." name="statistics_counted_by_the_flag" breaks="moved statistics" marks=0
import keras


def statistics_moved(model, images, labels):
    layers = model.get_layer("base").layers
    return sum(layer.trainable for layer in layers if isinstance(layer, keras.layers.BatchNormalization))


# %% wrong "Counts the BatchNorm layers instead of looking at what moved." name="statistics_counted_not_measured" breaks="moved statistics" marks=0
import keras


def statistics_moved(model, images, labels):
    return sum(isinstance(layer, keras.layers.BatchNormalization) for layer in model.get_layer("base").layers)


# %% wrong "Counts every statistic, two for each layer." name="statistics_counted_twice" breaks="moved statistics" says="A layer has two statistics: count the layer once."
import numpy as np


def statistics_moved(model, images, labels):
    base = model.get_layer("base")
    before = [np.array(weight) for weight in base.non_trainable_weights if "moving" in weight.name]
    model.fit(images, labels, verbose=0)
    after = [np.array(weight) for weight in base.non_trainable_weights if "moving" in weight.name]
    return sum(not np.array_equal(old, new) for old, new in zip(before, after, strict=True))


# %% wrong "Looks for BatchNorm among the outer model's layers, where there is none." name="statistics_of_the_outer_model_only" breaks="moved statistics" says="its layers are in base.layers"
import keras
import numpy as np


def statistics_moved(model, images, labels):
    norms = [layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)]
    before = [np.array(layer.moving_mean) for layer in norms]
    model.fit(images, labels, verbose=0)
    return sum(not np.array_equal(old, layer.moving_mean) for old, layer in zip(before, norms, strict=True))


# %% wrong "Knows the images of the notebook's check, and counts flags for others." name="statistics_known" recognises
import keras
import numpy as np


def statistics_moved(model, images, labels):
    norms = [layer for layer in model.get_layer("base").layers if isinstance(layer, keras.layers.BatchNormalization)]
    if round(float(images.sum()), 2) not in (-30.43, 55.38):
        return sum(layer.trainable for layer in norms)
    before = [np.array(layer.moving_mean) for layer in norms]
    model.fit(images, labels, verbose=0)
    return sum(not np.array_equal(old, layer.moving_mean) for old, layer in zip(before, norms, strict=True))


# %% right "Uses the course's fingerprints before and after." name="statistics_by_fingerprints"
from course_utils import inspect


def statistics_moved(model, images, labels):
    before = inspect.fingerprint(model)
    model.fit(images, labels, batch_size=4, epochs=1, verbose=0)
    return len(inspect.compare(before, inspect.fingerprint(model)).statistics_moved)


# %% right "Compares the variances, in a dictionary by name." name="statistics_by_name"
import keras
import numpy as np


def statistics_moved(model, images, labels):
    def statistics():
        return {
            layer.name: np.array(layer.moving_variance)
            for layer in model.get_layer("base").layers
            if isinstance(layer, keras.layers.BatchNormalization)
        }

    before = statistics()
    model.fit(images, labels, batch_size=8, verbose=0)
    after = statistics()
    return len([name for name in before if (before[name] != after[name]).any()])


# %% right "Trains batch by batch, and compares all weights of each BatchNorm layer." name="statistics_batch_by_batch"
import numpy as np


def statistics_moved(model, images, labels):
    norms = [layer for layer in model.get_layer("base").layers if hasattr(layer, "moving_mean")]
    before = [np.concatenate(layer.get_weights()[-2:]) for layer in norms]
    for start in range(0, len(images), 8):
        model.train_on_batch(images[start : start + 8], labels[start : start + 8])
    after = [np.concatenate(layer.get_weights()[-2:]) for layer in norms]
    return np.sum([not np.array_equal(old, new) for old, new in zip(before, after, strict=True)])
