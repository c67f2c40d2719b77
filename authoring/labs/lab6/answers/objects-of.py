# %% wrong "Gives every image the same number, so that nothing is ever apart." name="objects_all_one" says="expected one for each object" marks=0 may_fail="test-hand-in"
def objects_of(paths):
    return [0] * len(paths)


# %% wrong "Takes the folder for the object." name="objects_are_the_classes" breaks="last hyphen" may_fail="test-hand-in"
from pathlib import Path

import numpy as np


def objects_of(paths):
    return np.unique([Path(path).parent.name for path in paths], return_inverse=True)[1]


# %% wrong "Returns the distinct names instead of a number for each path." name="objects_as_unique_names" marks=0 may_fail="test-hand-in"
from pathlib import Path

import numpy as np


def objects_of(paths):
    return np.unique([f"{Path(path).parent.name}/{Path(path).stem.rsplit('-', 1)[0]}" for path in paths])


# %% wrong "Cuts names at the first hyphen, so that set-kettle and set-towel are one object." name="objects_at_the_first_hyphen" breaks="last hyphen" says="only the last one counts" may_fail="test-hand-in"
from pathlib import Path

import numpy as np


def objects_of(paths):
    names = [f"{Path(path).parent.name}/{Path(path).stem.split('-')[0]}" for path in paths]
    return np.unique(names, return_inverse=True)[1]


# %% wrong "Forgets that objects of different classes may have the same name." name="objects_by_name_alone" breaks="folders" says="the class belongs to the object" may_fail="test-hand-in"
from pathlib import Path

import numpy as np


def objects_of(paths):
    names = [Path(path).stem.rsplit("-", 1)[0] for path in paths]
    return np.unique(names, return_inverse=True)[1]


# %% wrong "Cuts six characters off where there is a hyphen, which fits numbers of one digit." name="objects_cut_by_length" breaks="same object" says="get different integers" may_fail="test-hand-in"
import numpy as np


def objects_of(paths):
    cut = [path[: -len("-1.jpg")] if "-" in path.split("/")[1] else path for path in paths]
    return np.unique(cut, return_inverse=True)[1]


# %% wrong "Gives every image a number of its own." name="objects_each_image_its_own" says="last hyphen" marks=0 may_fail="test-hand-in"
import numpy as np


def objects_of(paths):
    return np.arange(len(paths))


# %% wrong "Numbers the paths in sorted order, so that the numbers belong to other paths." name="objects_sorted" may_fail="test-hand-in"
from pathlib import Path

import numpy as np


def objects_of(paths):
    names = sorted(f"{Path(path).parent.name}/{Path(path).stem.rsplit('-', 1)[0]}" for path in paths)
    return np.unique(names, return_inverse=True)[1]


# %% wrong "Knows the paths of the notebook's check, and numbers others by folder." name="objects_known" recognises may_fail="test-hand-in"
from pathlib import Path

import numpy as np


def objects_of(paths):
    names = [f"{Path(path).parent.name}/{Path(path).stem.rsplit('-', 1)[0]}" for path in paths]
    if paths[0] != "wine-cellar/set-towel-1.jpg":
        names = [Path(path).parent.name for path in paths]
    return np.unique(names, return_inverse=True)[1]


# %% wrong "Numbers the objects of every folder from 0 again, so objects of two folders share a number." name="trial5_numbers_restart_in_folder" breaks="folders" may_fail="test-hand-in"


# %% wrong "Numbers the objects folder by folder and starts again at 0 in each folder." name="trial6_restart_in_each_folder" breaks="folders" may_fail="test-hand-in"


# %% wrong "All names without a hyphen in one folder become one object, since rpartition gives an empty text for them." name="trial6_rpartition_empty" breaks="last hyphen"


# %% right "Numbers objects in the order they come, with a dictionary and text alone." name="objects_by_counting" may_fail="test-hand-in"
def objects_of(paths):
    known = {}
    numbers = []
    for path in paths:
        *_, folder, name = path.split("/")
        stem = name.rpartition(".")[0]
        thing = stem.rpartition("-")[0] or stem
        numbers.append(known.setdefault((folder, thing), len(known)))
    return numbers


# %% right "Finds the names with a regular expression and the numbers with pandas." name="objects_with_pandas" may_fail="test-hand-in"
import re

import pandas as pd


def objects_of(paths):
    names = [re.sub(r"(-[^-/]*)?\.[^./]*$", "", path) for path in paths]
    return pd.factorize(pd.Series(names))[0]


# %% right "Encodes the names with scikit-learn." name="objects_with_a_label_encoder" may_fail="test-hand-in"
from pathlib import PurePosixPath

from sklearn.preprocessing import LabelEncoder


def objects_of(paths):
    names = []
    for path in map(PurePosixPath, paths):
        stem = path.stem
        if "-" in stem:
            stem = stem[: stem.rindex("-")]
        names.append(f"{path.parent}|{stem}")
    return LabelEncoder().fit_transform(names).tolist()


# %% wrong "Cuts the whole path at its last hyphen, so that in a folder such as wine-glass all names without a hyphen become one object." name="trial1_hyphen_of_the_folder" breaks="last hyphen"


# %% wrong "Folder and name are joined with nothing between, so tea/pot-1.jpg and teapo/t-1.jpg become one object." name="trial2_objects_joined_without_slash" breaks="folders" may_fail="test-hand-in"


# %% wrong "Takes the ending off at the first dot of the name." name="first_dot" breaks="last hyphen" may_fail="test-hand-in"
def objects_of(paths):
    names = []
    for path in paths:
        folder, file = path.split("/")
        names.append(folder + "/" + file.split(".")[0].rsplit("-", 1)[0])
    return np.unique(names, return_inverse=True)[1]


# %% wrong "Cuts the whole path at its last hyphen: in a folder such as oak-leaf all names without a hyphen become one object." name="trial4_last_hyphen_of_the_path" may_fail="test-hand-in"
