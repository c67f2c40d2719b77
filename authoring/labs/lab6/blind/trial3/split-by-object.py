# %% wrong "It draws a quarter of all objects without looking at their classes, so a class may be missing from the images held out." name="trial3_classes_left_to_chance" breaks="every class"
from sklearn.model_selection import GroupShuffleSplit


def split_by_object(labels, groups, seed):
    splitter = GroupShuffleSplit(n_splits=50, test_size=0.25, random_state=seed)
    for train, held_out in splitter.split(np.zeros(len(labels)), labels, groups):
        if 0.12 <= len(held_out) / len(labels) <= 0.4:
            break
    return train, held_out


# %% right "It draws some objects of each class at random and begins again until the shares are right; the positions come in shuffled order." name="trial3_draws_until_it_fits"
import random


def split_by_object(labels, groups, seed):
    labels, groups = np.asarray(labels), np.asarray(groups)
    dice = random.Random(int(seed))
    members = {kind: sorted(set(groups[labels == kind].tolist())) for kind in sorted(set(labels.tolist()))}
    best, best_distance = None, None
    for _ in range(2000):
        chosen = set()
        for objects in members.values():
            wanted = max(1, min(len(objects) - 1, round(len(objects) * dice.uniform(0.15, 0.35))))
            chosen.update(dice.sample(objects, wanted))
        outside = np.array([group in chosen for group in groups.tolist()])
        kinds = set(labels.tolist())
        if set(labels[outside].tolist()) != kinds or set(labels[~outside].tolist()) != kinds:
            continue
        distance = abs(outside.mean() - 0.25)
        if best is None or distance < best_distance:
            best, best_distance = outside, distance
        if distance < 0.06:
            break
    train, held_out = np.flatnonzero(~best).tolist(), np.flatnonzero(best).tolist()
    dice.shuffle(train)
    dice.shuffle(held_out)
    return np.array(train, dtype=int), np.array(held_out, dtype=int)
