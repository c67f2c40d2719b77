# %% wrong "Draws a quarter of all objects without looking at the classes, so a class can be missing among the images held out." name="trial1_group_shuffle_split" breaks="every class"
from sklearn.model_selection import GroupShuffleSplit


def split_by_object(labels, groups, seed):
    splitter = GroupShuffleSplit(n_splits=1, test_size=0.25, random_state=seed)
    train, held_out = next(splitter.split(np.zeros(len(labels)), labels, groups))
    return train, held_out

# %% right "Shuffles the objects of each class by itself and takes those that bring the class closer to a quarter of its images." name="trial1_class_by_class"
def split_by_object(labels, groups, seed):
    labels, groups = np.asarray(labels), np.asarray(groups)
    rng = np.random.default_rng([seed, 2024])
    away = set()
    for label in sorted(set(labels.tolist())):
        things, sizes = np.unique(groups[labels == label], return_counts=True)
        missing = sizes.sum() / 4
        for place in rng.permutation(len(things)):
            if abs(missing - sizes[place]) < abs(missing):
                missing -= sizes[place]
                away.add(things[place].item())
    held = np.array([group in away for group in groups.tolist()])
    return np.flatnonzero(~held), np.flatnonzero(held)
