# %% wrong "Takes everything that belongs to a BatchNorm layer for statistics, gamma and beta too." name="moved_batchnorm_as_statistics" breaks="weights" says="gamma and beta of BatchNorm are trained weights"
import keras
import numpy as np


def what_moved(before, after):
    moved = {"weights": [], "statistics": []}
    for old, new in zip(before.layers, after.layers, strict=True):
        if any(not np.array_equal(a.numpy(), b.numpy()) for a, b in zip(old.weights, new.weights, strict=True)):
            kind = "statistics" if isinstance(new, keras.layers.BatchNormalization) else "weights"
            moved[kind].append(new.name)
    return moved


# %% wrong "Compares sums, which stay the same when numbers change places." name="moved_by_the_sum" says="number by number" breaks="weights"
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


# %% wrong "Compares the first weight of each layer: no bias, no beta, no statistics." name="moved_first_weight_only"
import numpy as np


def what_moved(before, after):
    moved = [
        new.name
        for old, new in zip(before.layers, after.layers, strict=True)
        if new.weights and not np.array_equal(old.weights[0].numpy(), new.weights[0].numpy())
    ]
    return {"weights": moved, "statistics": []}


# %% wrong "Looks at trainable weights only, and so never at a frozen layer that moved." name="moved_of_the_trainable_only" breaks="frozen layers" says="counts as well"
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


# %% wrong "Counts BatchNorm's statistics among the trained weights." name="moved_statistics_as_weights" says="moving_mean and moving_variance are statistics"
import numpy as np


def what_moved(before, after):
    moved = [
        new.name
        for old, new in zip(before.layers, after.layers, strict=True)
        if any(not np.array_equal(a.numpy(), b.numpy()) for a, b in zip(old.weights, new.weights, strict=True))
    ]
    return {"weights": moved, "statistics": []}


# %% wrong "Compares with np.allclose, which forgives what training did with a low rate." name="moved_within_a_tolerance" says="np.allclose forgives small differences" breaks="smallest difference"
import numpy as np


def what_moved(before, after):
    moved = {"weights": [], "statistics": []}
    for old, new in zip(before.layers, after.layers, strict=True):
        for one, other in zip(old.weights, new.weights, strict=True):
            kind = "statistics" if one.name.startswith("moving_") else "weights"
            if not np.allclose(one.numpy(), other.numpy()) and new.name not in moved[kind]:
                moved[kind].append(new.name)
    return moved


# %% wrong "Looks at the trained weights alone." name="moved_without_statistics" breaks="statistics" says="does not name"
import numpy as np


def what_moved(before, after):
    moved = {"weights": [], "statistics": []}
    for old, new in zip(before.layers, after.layers, strict=True):
        pairs = [(a, b) for a, b in zip(old.weights, new.weights, strict=True) if not a.name.startswith("moving_")]
        if any(not np.array_equal(a.numpy(), b.numpy()) for a, b in pairs):
            moved["weights"].append(new.name)
        means = [w for w in (*old.weights, *new.weights) if w.name == "moving_mean"]
        if means and not np.array_equal(*(w.numpy() for w in means)):
            moved["statistics"].append(new.name)
    return moved


# %% wrong "Names a layer once for each of its weights that differ." name="moved_named_twice" breaks="two lists" says="more than once"
import numpy as np


def what_moved(before, after):
    moved = {"weights": [], "statistics": []}
    for old, new in zip(before.layers, after.layers, strict=True):
        for one, other in zip(old.weights, new.weights, strict=True):
            if not np.array_equal(one.numpy(), other.numpy()):
                moved["statistics" if one.name.startswith("moving_") else "weights"].append(new.name)
    return moved


# %% wrong "Compares with three digits after the point." name="moved_as_printed" breaks="smallest difference"
def what_moved(before, after):
    moved = {"weights": [], "statistics": []}
    for old, new in zip(before.layers, after.layers, strict=True):
        for one, other in zip(old.weights, new.weights, strict=True):
            kind = "statistics" if one.name.startswith("moving_") else "weights"
            if (one.numpy().round(3) != other.numpy().round(3)).any() and new.name not in moved[kind]:
                moved[kind].append(new.name)
    return moved


# %% wrong "Knows the layers of the notebook's check, and compares others with a tolerance." name="moved_in_known_layers" recognises
import numpy as np

from course_utils.checks.common.inputs import made_up_base
from course_utils.checks.core.seeds import generator

KNOWN = made_up_base(generator("what_moved", None)).count_params()


def what_moved(before, after):
    moved = {"weights": [], "statistics": []}
    same = np.array_equal if before.count_params() == KNOWN else np.allclose
    for old, new in zip(before.layers, after.layers, strict=True):
        for one, other in zip(old.weights, new.weights, strict=True):
            kind = "statistics" if one.name.startswith("moving_") else "weights"
            if not same(one.numpy(), other.numpy()) and new.name not in moved[kind]:
                moved[kind].append(new.name)
    return moved


# %% wrong "Makes a list only when something is to go into it, so a key is missing where nothing differs." name="trial5_keys_only_when_needed"


# %% wrong "It takes all non-trainable weights for statistics, so a frozen layer whose kernel or gamma differs is listed there too." name="trial6_non_trainable_as_statistics" breaks="frozen layers"


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


# %% right "Pairs the layers by their names." name="moved_by_name"
import numpy as np


def what_moved(before, after):
    moved = {"weights": [], "statistics": []}
    for layer in before.layers:
        others = {weight.name: weight for weight in after.get_layer(layer.name).weights}
        for weight in layer.weights:
            kind = "statistics" if "moving" in weight.name else "weights"
            if not np.array_equal(np.asarray(weight), np.asarray(others[weight.name])):
                moved[kind].append(layer.name)
    return {kind: sorted(set(names)) for kind, names in moved.items()}


# %% right "Takes get_weights, of which BatchNorm's last two are its statistics; returns arrays of names." name="moved_by_get_weights"
import keras
import numpy as np


def what_moved(before, after):
    def differ(ours, theirs):
        return any((a != b).any() for a, b in zip(ours, theirs, strict=True))

    weights, statistics = [], []
    for old, new in zip(before.layers, after.layers, strict=True):
        ours, theirs = old.get_weights(), new.get_weights()
        end = len(ours) - 2 if isinstance(old, keras.layers.BatchNormalization) else len(ours)
        if differ(ours[:end], theirs[:end]):
            weights.append(old.name)
        if differ(ours[end:], theirs[end:]):
            statistics.append(old.name)
    return {"weights": np.array(weights, dtype=str), "statistics": np.array(statistics, dtype=str)}


# %% wrong "Goes by trainable_weights, which is empty for a frozen BatchNorm: what moved in it counts as a statistic." name="by_trainable_weights" breaks="frozen layers"
def what_moved(before, after):
    def differ(some, others):
        return any(not np.array_equal(np.asarray(a), np.asarray(b)) for a, b in zip(some, others))

    moved = {"weights": [], "statistics": []}
    for old, new in zip(before.layers, after.layers):
        if isinstance(new, keras.layers.BatchNormalization):
            if differ(old.trainable_weights, new.trainable_weights):
                moved["weights"].append(new.name)
            if differ(old.non_trainable_weights, new.non_trainable_weights):
                moved["statistics"].append(new.name)
        elif differ(old.weights, new.weights):
            moved["weights"].append(new.name)
    return moved
