# %% wrong "Takes one of four folds that never change, so that seeds 0 and 4 give the same split." name="trial3_four_folds_for_all_seeds" breaks="seed"
from sklearn.model_selection import StratifiedGroupKFold


def split_by_object(labels, groups, seed):
    folds = StratifiedGroupKFold(n_splits=4, shuffle=True, random_state=0)
    splits = list(folds.split(np.zeros(len(labels)), labels, groups))
    return splits[seed % 4]


# %% right "Class by class, moves shuffled objects over until a quarter of the scenes so far is held out, with sets and Python's own random." name="trial3_running_quarter"
import random


def split_by_object(labels, groups, seed):
    dice = random.Random(int(seed))
    scenes_of = {}
    for position, (label, group) in enumerate(zip(np.asarray(labels).tolist(), np.asarray(groups).tolist())):
        scenes_of.setdefault(label, {}).setdefault(group, []).append(position)
    held_out, seen = set(), 0
    for label in sorted(scenes_of):
        objects = sorted(scenes_of[label])
        dice.shuffle(objects)
        seen += sum(len(positions) for positions in scenes_of[label].values())
        for number, group in enumerate(objects[:-1]):
            positions = scenes_of[label][group]
            if number and len(held_out) + len(positions) / 2 > seen / 4:
                break
            held_out.update(positions)
    train = sorted(set(range(len(labels))) - held_out)
    return np.array(train, dtype=np.int32), np.array(sorted(held_out), dtype=np.int32)
