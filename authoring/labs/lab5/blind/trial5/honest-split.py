# %% wrong "Takes the end of a slice for inclusive and starts the training objects one later, so the images of one object are on neither side." name="trial5_one_object_on_neither_side" breaks="every image"
def honest_split(groups, share, seed):
    objects = np.random.default_rng(seed).permutation(np.unique(groups))
    sizes = np.array([np.sum(groups == thing) for thing in objects])
    count = int(np.argmin(np.abs(np.cumsum(sizes) - share * len(groups)))) + 1
    test = np.flatnonzero(np.isin(groups, objects[:count]))
    train = np.flatnonzero(np.isin(groups, objects[count + 1 :]))
    return train, test


# %% right "Plain Python: a dictionary of positions, the random module, and each object goes to the test side as long as it still fits." name="trial5_fill_the_test_side"
import random
from collections import defaultdict


def honest_split(groups, share, seed):
    places = defaultdict(list)
    for position, thing in enumerate(np.asarray(groups).tolist()):
        places[thing].append(position)
    things = sorted(places)
    random.Random(int(seed)).shuffle(things)
    room = (share + 0.05) * len(groups)
    train, test = [], []
    for thing in things:
        fits = len(test) + len(places[thing]) <= room
        (test if fits else train).extend(places[thing])
    return np.array(train, dtype=int), np.array(test, dtype=int)
