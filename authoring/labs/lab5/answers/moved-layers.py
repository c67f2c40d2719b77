# %% wrong "Takes every layer for moved, since the training ran." name="moved_every_layer" says="You name every layer" marks=0
def moved_layers(before, after):
    return list(before)


# %% wrong "Expects every number of a layer to have changed." name="moved_if_every_number_did"
def moved_layers(before, after):
    return [n for n in before if all((a != b).all() for a, b in zip(before[n], after[n], strict=True))]


# %% wrong "Compares with np.allclose, which forgives small steps." name="moved_if_far_enough" breaks="moved layers" says="which moved by the last bit of one number" marks=1.5
import numpy as np


def moved_layers(before, after):
    return [n for n in before if not all(np.allclose(a, b) for a, b in zip(before[n], after[n], strict=True))]


# %% wrong "Looks at the first array of each layer and nothing else." name="moved_kernels_only" breaks="moved layers" says="which moved in its bias alone"
import numpy as np


def moved_layers(before, after):
    return [name for name in before if before[name] and not np.array_equal(before[name][0], after[name][0])]


# %% wrong "Names a layer without arrays too, since nothing in it is the same." name="moved_if_there_is_nothing" breaks="other layers" says="of which no number changed"
import numpy as np


def moved_layers(before, after):
    return [
        name
        for name in before
        if not before[name] or not all(np.array_equal(a, b) for a, b in zip(before[name], after[name], strict=True))
    ]


# %% wrong "Knows the first layer of the notebook's check, and forgives small steps elsewhere." name="moved_known" recognises
import numpy as np


def moved_layers(before, after):
    same = np.array_equal if next(iter(before)) == "layer_68" else np.allclose
    return [n for n in before if not all(same(a, b) for a, b in zip(before[n], after[n], strict=True))]


# %% right "Chooses from an array of names with a mask, so that each name is an np.str_." name="moved_by_a_mask_of_names"
import numpy as np


def moved_layers(before, after):
    names = np.array(list(before))
    moved = [any((old != new).any() for old, new in zip(before[name], after[name], strict=True)) for name in names]
    return list(names[np.array(moved)])


# %% right "Compares the bytes of the arrays; returns a set." name="moved_by_bytes"
def moved_layers(before, after):
    return {name for name in before if [a.tobytes() for a in before[name]] != [a.tobytes() for a in after[name]]}


# %% right "Looks at the largest difference of each layer." name="moved_by_the_largest_difference"
import numpy as np


def moved_layers(before, after):
    found = []
    for name, arrays in before.items():
        differences = [np.abs(np.subtract(new, old)).max(initial=0) for old, new in zip(arrays, after[name], strict=True)]
        if max(differences, default=0) > 0:
            found.append(name)
    return tuple(found)
