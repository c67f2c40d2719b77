# %% wrong "Splits by object and then moves a single scene of one held-out object into the training part." name="trial2_one_scene_moved_over" breaks="no leak"
def split_by_object(labels, groups, seed):
    labels, groups = np.asarray(labels), np.asarray(groups)
    rng = np.random.default_rng(seed)
    chosen = []
    for number in np.unique(labels):
        objects = rng.permutation(np.unique(groups[labels == number]))
        chosen.extend(objects[: max(1, round(len(objects) / 4))])
    out = np.isin(groups, chosen)
    for one in chosen:
        scenes_of_it = np.flatnonzero(groups == one)
        if len(scenes_of_it) > 1:
            out[scenes_of_it[-1]] = False
            break
    return np.flatnonzero(~out), np.flatnonzero(out)


# %% right "Python's random and a pandas table; objects are held out until their scenes are nearest to a quarter of the class." name="trial2_pandas_and_random"
import random

import pandas as pd


def split_by_object(labels, groups, seed):
    table = pd.DataFrame({"label": np.asarray(labels), "group": np.asarray(groups)})
    generator = random.Random(int(seed))
    held = set()
    for _, part in table.groupby("label", sort=True):
        sizes = part["group"].value_counts().to_dict()
        objects = sorted(sizes)
        generator.shuffle(objects)
        total = np.cumsum([sizes[one] for one in objects])
        best = int(np.argmin(np.abs(total - len(part) / 4))) + 1
        held.update(objects[: min(max(best, 1), len(objects) - 1)])
    out = table["group"].isin(held)
    return table.index[~out].to_numpy(), table.index[out].to_numpy()
