# %% wrong "Only the remainder of the seed by 3 counts, so that seeds 0 and 3 give the same split." name="trial2_three_splits_for_all_seeds" breaks="seed"
def honest_split(groups, share, seed):
    groups = np.asarray(groups)
    objects, sizes = np.unique(groups, return_counts=True)
    rng = np.random.default_rng(seed % 3)
    target, total, chosen = share * len(groups), 0, []
    for place in rng.permutation(len(objects)):
        if abs(total + sizes[place] - target) < abs(total - target):
            total += sizes[place]
            chosen.append(objects[place])
    out = np.isin(groups, chosen)
    return np.flatnonzero(~out), np.flatnonzero(out)


# %% right "Dictionary of lists and Python's random; an object goes to the test part if that brings it nearer to the share." name="trial2_dictionary_and_greedy_choice"
import random
from collections import defaultdict


def honest_split(groups, share, seed):
    groups = np.asarray(groups).tolist()
    places = defaultdict(list)
    for position, one in enumerate(groups):
        places[one].append(position)
    objects = sorted(places)
    random.Random(int(seed)).shuffle(objects)
    target, train, test = share * len(groups), [], []
    for one in objects:
        nearer = abs(len(test) + len(places[one]) - target) < abs(len(test) - target)
        (test if nearer else train).extend(places[one])
    return np.array(train, dtype="int32"), np.array(test, dtype="int32")
