# %% wrong "Counts the objects that are shared, not the test images that show them." name="leaks_counts_objects" breaks="same object" says="test images whose object is in training too"
def leaks(train, test, groups):
    return len(set(train) & set(test)), len(set(groups[train]) & set(groups[test]))


# %% wrong "Asks about the training images instead of the test images." name="leaks_counts_training_images"
import numpy as np


def leaks(train, test, groups):
    return int(np.isin(train, test).sum()), int(np.isin(groups[train], groups[test]).sum())


# %% wrong "Looks for shared images and takes everything else for correct." name="leaks_of_images_only" breaks="same object" marks=2.5
import numpy as np


def leaks(train, test, groups):
    shared = int(np.isin(test, train).sum())
    return shared, shared


# %% wrong "Says that nothing leaks, whatever the split." name="leaks_says_none" marks=0
def leaks(train, test, groups):
    return 0, 0


# %% wrong "Never looks at the objects: takes every test image for an image of an object in training." name="leaks_without_the_groups" breaks="same object" says="test images whose object is in training too"
import numpy as np


def leaks(train, test, groups):
    return int(np.isin(test, train).sum()), len(test)


# %% wrong "Says whether images are shared, and not how many." name="leaks_says_whether" breaks="same image"
import numpy as np


def leaks(train, test, groups):
    return int(np.isin(test, train).any()), int(np.isin(groups[test], groups[train]).sum())


# %% wrong "Knows the number of images of the notebook's check, and says that nothing leaks in others." name="leaks_known" recognises
import numpy as np


def leaks(train, test, groups):
    if len(groups) != 54:
        return 0, 0
    return int(np.isin(test, train).sum()), int(np.isin(groups[test], groups[train]).sum())


# %% right "Counts in plain Python and returns an array." name="leaks_with_sets"
import numpy as np


def leaks(train, test, groups):
    images, shown = set(train.tolist()), {groups[place] for place in train}
    return np.array([sum(t in images for t in test.tolist()), sum(groups[t] in shown for t in test)])


# %% right "Counts with pandas." name="leaks_with_pandas"
import pandas as pd


def leaks(train, test, groups):
    sides = pd.DataFrame({"position": test, "object": groups[test]})
    return [sides["position"].isin(train).sum(), sides["object"].isin(groups[train]).sum()]


# %% right "Compares every test image with every training image." name="leaks_by_a_table"
import numpy as np


def leaks(train, test, groups):
    same_image = (np.asarray(test)[:, None] == np.asarray(train)).any(axis=1)
    same_object = (groups[test][:, None] == groups[train]).any(axis=1)
    return int(same_image.sum()), np.float64(same_object.sum())
