"""Counts every statistic, two for each layer."""

import numpy as np

REPLACES = "statistics-moved"
MUST_FAIL = ("test-statistics-moved",)
HINT = "A layer has two statistics: count the layer once."
MARKS = 1.5


def statistics_moved(model, images, labels):
    base = model.get_layer("base")
    before = [np.array(weight) for weight in base.non_trainable_weights if "moving" in weight.name]
    model.fit(images, labels, verbose=0)
    after = [np.array(weight) for weight in base.non_trainable_weights if "moving" in weight.name]
    return sum(not np.array_equal(old, new) for old, new in zip(before, after, strict=True))
