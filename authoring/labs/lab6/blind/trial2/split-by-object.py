# %% wrong "GroupShuffleSplit draws a quarter of the objects without looking at the classes, so a class may have nothing held out." name="trial2_split_group_shuffle" breaks="every class"
from sklearn.model_selection import GroupShuffleSplit


def split_by_object(labels, groups, seed):
    splitter = GroupShuffleSplit(n_splits=1, test_size=0.25, random_state=seed)
    train, held_out = next(splitter.split(np.zeros(len(labels)), labels, groups))
    return train, held_out

# %% wrong "It splits by object and then moves one image of a held-out object, which has others, to the images to train on." name="trial2_split_one_image_moved" breaks="no leak"
def split_by_object(labels, groups, seed):
    train, held_out = grouped_splits(labels, groups, folds=4, seed=seed)[0]
    objects, counts = np.unique(groups[held_out], return_counts=True)
    largest = objects[counts.argmax()]
    moved = held_out[groups[held_out] == largest][:1]
    return np.concatenate([train, moved]), np.setdiff1d(held_out, moved)

# %% right "NumPy alone: it draws whole objects of each class again and again until about a quarter of the images is held out, and gives int32 positions in no order." name="trial2_split_rejection_sampling"
def split_by_object(labels, groups, seed):
    labels, groups = np.asarray(labels), np.asarray(groups)
    rng = np.random.default_rng(seed)
    objects = [np.unique(groups[labels == label]) for label in np.unique(labels)]
    best, best_distance = None, np.inf
    for _ in range(2000):
        drawn = [rng.permutation(each)[: rng.integers(1, len(each) // 2 + 1)] for each in objects]
        mask = np.isin(groups, np.concatenate(drawn))
        distance = abs(mask.mean() - 0.25)
        if distance < best_distance:
            best, best_distance = mask, distance
        if distance < 0.06:
            break
    order = rng.permutation(len(labels)).astype("int32")
    return order[~best[order]], order[best[order]]
