# %% wrong "Counts the objects that are shared, not the test images that show them." name="leaks_counts_objects" breaks="images count, not objects" says="test images whose object is in training too"
def leaks(train, test, groups):
    return len(set(train) & set(test)), len(set(groups[train]) & set(groups[test]))


# %% wrong "Asks about the training images instead of the test images." name="leaks_counts_training_pictures" breaks="test images count"
import numpy as np


def leaks(train, test, groups):
    return int(np.isin(train, test).sum()), int(np.isin(groups[train], groups[test]).sum())


# %% wrong "Looks for shared images and takes everything else for sound." name="leaks_of_pictures_only" breaks="shared objects count too" marks=1.0
import numpy as np


def leaks(train, test, groups):
    shared = int(np.isin(test, train).sum())
    return shared, shared


# %% wrong "Says that nothing leaks, whatever the split." name="leaks_says_none" says="in every split" marks=0
def leaks(train, test, groups):
    return 0, 0


# %% wrong "Never looks at the objects: takes every test image for an image of an object in training." name="leaks_without_the_groups" breaks="shared objects count too" says="test images whose object is in training too" marks=0
import numpy as np


def leaks(train, test, groups):
    return int(np.isin(test, train).sum()), len(test)


# %% right "Counts in plain Python and returns an array." name="leaks_with_sets"
import numpy as np


def leaks(train, test, groups):
    images, shown = set(train.tolist()), {groups[place] for place in train}
    return np.array([sum(t in images for t in test.tolist()), sum(groups[t] in shown for t in test)])
