# %% wrong "The folds are always the same and the seed only chooses one of the four, so seeds 0 and 4 give the same split." name="trial4_seed_chooses_fold" breaks="seed"
from sklearn.model_selection import StratifiedGroupKFold


def split_by_object(labels, groups, seed):
    """Splits scenes by object."""
    folds = StratifiedGroupKFold(n_splits=4, shuffle=True, random_state=0)
    pairs = list(folds.split(np.zeros((len(labels), 1)), labels, groups))
    train, held_out = pairs[seed % 4]
    return train, held_out


# %% wrong "Splits by object and then moves a single scene of one held-out object to the training scenes." name="trial4_one_scene_leaks" breaks="no leak"
def split_by_object(labels, groups, seed):
    """Splits scenes by object."""
    rng = np.random.default_rng(seed)
    chosen = []
    for number in np.unique(labels):
        objects = rng.permutation(np.unique(groups[labels == number]))
        chosen.extend(objects[: max(1, round(len(objects) / 4))])
    held = np.isin(groups, chosen)
    for number in chosen:
        its_scenes = np.flatnonzero(groups == number)
        if len(its_scenes) > 1:
            held[its_scenes[-1]] = False
            break
    return np.flatnonzero(~held), np.flatnonzero(held)


# %% right "Shuffles with Python's random, fills the held-out part of each class by scenes, and returns shuffled int32 positions." name="trial4_python_random_by_scenes"
import random


def split_by_object(labels, groups, seed):
    """Splits scenes by object."""
    labels, groups = np.asarray(labels), np.asarray(groups)
    dice = random.Random(f"split {int(seed)}")
    positions = {}
    for position, number in enumerate(groups.tolist()):
        positions.setdefault(number, []).append(position)
    objects_of = {}
    for number, its_scenes in positions.items():
        objects_of.setdefault(int(labels[its_scenes[0]]), []).append(number)
    train, held_out = [], []
    for label in sorted(objects_of):
        objects = sorted(objects_of[label])
        dice.shuffle(objects)
        scenes_so_far = np.cumsum([len(positions[number]) for number in objects])
        nearest = int(np.argmin(np.abs(scenes_so_far - scenes_so_far[-1] / 4))) + 1
        count = min(max(nearest, 1), max(len(objects) - 1, 1))
        for place, number in enumerate(objects):
            (held_out if place < count else train).extend(positions[number])
    dice.shuffle(train)
    dice.shuffle(held_out)
    return np.array(train, dtype=np.int32), np.array(held_out, dtype=np.int32)
