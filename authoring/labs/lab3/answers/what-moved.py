# %% wrong "Takes everything that belongs to a BatchNorm layer for statistics, gamma and beta too." name="moved_batchnorm_as_statistics" breaks="BatchNorm's trained weights, apart from its statistics" says="gamma and beta are trained weights" marks=12.0
import keras
import numpy as np


def what_moved(before, after):
    moved = {"weights": [], "statistics": []}
    for old, new in zip(before.layers, after.layers, strict=True):
        if any(not np.array_equal(a.numpy(), b.numpy()) for a, b in zip(old.weights, new.weights, strict=True)):
            kind = "statistics" if isinstance(new, keras.layers.BatchNormalization) else "weights"
            moved[kind].append(new.name)
    return moved


# %% wrong "Compares sums, which stay the same when numbers change places." name="moved_by_the_sum" breaks="a bias, and a kernel whose sum stays the same" says="number by number" marks=12.0
import numpy as np


def what_moved(before, after):
    moved = {"weights": [], "statistics": []}
    for old, new in zip(before.layers, after.layers, strict=True):
        for one, other in zip(old.weights, new.weights, strict=True):
            kind = "statistics" if one.name.startswith("moving_") else "weights"
            sums = [np.sort(weight.numpy().astype("float64"), axis=None).sum() for weight in (one, other)]
            if sums[0] != sums[1] and new.name not in moved[kind]:
                moved[kind].append(new.name)
    return moved


# %% wrong "Compares the first weight of each layer: no bias, no beta, no statistics." name="moved_first_weight_only" breaks="every weight of a layer" marks=6.0
import numpy as np


def what_moved(before, after):
    moved = [
        new.name
        for old, new in zip(before.layers, after.layers, strict=True)
        if new.weights and not np.array_equal(old.weights[0].numpy(), new.weights[0].numpy())
    ]
    return {"weights": moved, "statistics": []}


# %% wrong "Looks at trainable weights only, and so never at a frozen layer that moved." name="moved_of_the_trainable_only" breaks="frozen layers count too" says="frozen layers count as well"
import numpy as np


def what_moved(before, after):
    moved = {"weights": [], "statistics": []}
    for old, new in zip(before.layers, after.layers, strict=True):
        for one, other in zip(old.trainable_weights, new.trainable_weights, strict=True):
            if not np.array_equal(one.numpy(), other.numpy()) and new.name not in moved["weights"]:
                moved["weights"].append(new.name)
        for one, other in zip(old.weights, new.weights, strict=True):
            drifted = one.name.startswith("moving_") and not np.array_equal(one.numpy(), other.numpy())
            if drifted and new.name not in moved["statistics"]:
                moved["statistics"].append(new.name)
    return moved


# %% wrong "Counts BatchNorm's statistics among the trained weights." name="moved_statistics_as_weights" breaks="statistics apart from weights" says="moving_mean and moving_variance are statistics" marks=9.0
import numpy as np


def what_moved(before, after):
    moved = [
        new.name
        for old, new in zip(before.layers, after.layers, strict=True)
        if any(not np.array_equal(a.numpy(), b.numpy()) for a, b in zip(old.weights, new.weights, strict=True))
    ]
    return {"weights": moved, "statistics": []}


# %% wrong "Compares with np.allclose, which forgives what training did with a low rate." name="moved_within_a_tolerance" breaks="any difference counts" says="np.allclose forgives small differences"
import numpy as np


def what_moved(before, after):
    moved = {"weights": [], "statistics": []}
    for old, new in zip(before.layers, after.layers, strict=True):
        for one, other in zip(old.weights, new.weights, strict=True):
            kind = "statistics" if one.name.startswith("moving_") else "weights"
            if not np.allclose(one.numpy(), other.numpy()) and new.name not in moved[kind]:
                moved[kind].append(new.name)
    return moved


# %% right "Compares the bytes of the weights, kind by kind." name="moved_as_bytes"
def what_moved(before, after):
    def bytes_of(layer, counted):
        return [w.numpy().tobytes() for w in layer.weights if w.name.startswith("moving_") == counted]

    return {
        kind: [
            n.name
            for o, n in zip(before.layers, after.layers, strict=True)
            if bytes_of(o, counted) != bytes_of(n, counted)
        ]
        for kind, counted in (("weights", False), ("statistics", True))
    }


# %% right "Uses the course's own fingerprints." name="moved_with_the_course_s_tools"
from course_utils.inspect import compare, fingerprint


def what_moved(before, after):
    found = compare(fingerprint(before), fingerprint(after))
    return {"weights": found.moved, "statistics": found.statistics_moved}
