# %% wrong "Gives every image the same number, so that nothing is ever apart." name="objects_all_one" breaks="different objects get different numbers" says="expected one for each object" marks=2.0 may_fail="test-hand-in"
def objects_of(paths):
    return [0] * len(paths)


# %% wrong "Takes the folder for the object." name="objects_are_the_classes" breaks="different objects get different numbers" may_fail="test-hand-in"
from pathlib import Path

import numpy as np


def objects_of(paths):
    return np.unique([Path(path).parent.name for path in paths], return_inverse=True)[1]


# %% wrong "Returns the distinct names instead of a number for each path." name="objects_as_unique_names" breaks="one number for each image" may_fail="test-hand-in"
from pathlib import Path

import numpy as np


def objects_of(paths):
    return np.unique([f"{Path(path).parent.name}/{Path(path).stem.rsplit('-', 1)[0]}" for path in paths])


# %% wrong "Cuts names at the first hyphen, so that tea-kettle and tea-towel are one object." name="objects_at_the_first_hyphen" breaks="the name up to the last hyphen" says="only the last one counts" may_fail="test-hand-in"
from pathlib import Path

import numpy as np


def objects_of(paths):
    names = [f"{Path(path).parent.name}/{Path(path).stem.split('-')[0]}" for path in paths]
    return np.unique(names, return_inverse=True)[1]


# %% wrong "Forgets that objects of different classes may have the same name." name="objects_by_name_alone" breaks="objects of different folders are different" says="the class belongs to the object" may_fail="test-hand-in"
from pathlib import Path

import numpy as np


def objects_of(paths):
    names = [Path(path).stem.rsplit("-", 1)[0] for path in paths]
    return np.unique(names, return_inverse=True)[1]


# %% wrong "Gives every image a number of its own." name="objects_each_picture_its_own" breaks="views of one object get the same number" says="last hyphen" may_fail="test-hand-in"
import numpy as np


def objects_of(paths):
    return np.arange(len(paths))


# %% wrong "Numbers the paths in sorted order, so that the numbers belong to other paths." name="objects_sorted" breaks="in the order of the paths" may_fail="test-hand-in"
from pathlib import Path

import numpy as np


def objects_of(paths):
    names = sorted(f"{Path(path).parent.name}/{Path(path).stem.rsplit('-', 1)[0]}" for path in paths)
    return np.unique(names, return_inverse=True)[1]


# %% right "Numbers objects in the order they come, with a dictionary and text alone." name="objects_by_counting" slow
def objects_of(paths):
    known = {}
    numbers = []
    for path in paths:
        *_, folder, name = path.split("/")
        stem = name.rpartition(".")[0]
        thing = stem.rpartition("-")[0] or stem
        numbers.append(known.setdefault((folder, thing), len(known)))
    return numbers
