# %% right "Plain Python: shuffles the objects with random.Random and takes an object for testing whenever that brings the count of images nearer to the share." name="trial6_greedy_plain_python"
import random


def honest_split(groups, share, seed):
    """Splits images so that no object is on both sides."""
    places = {}
    for position, thing in enumerate(np.asarray(groups).tolist()):
        places.setdefault(thing, []).append(position)
    things = list(places)
    random.Random(int(seed)).shuffle(things)
    wanted = share * len(groups)
    test = []
    for thing in things:
        if abs(len(test) + len(places[thing]) - wanted) < abs(len(test) - wanted):
            test.extend(places[thing])
    taken = set(test)
    train = [position for position in range(len(groups)) if position not in taken]
    return np.array(train, dtype=int), np.array(sorted(test), dtype=int)
