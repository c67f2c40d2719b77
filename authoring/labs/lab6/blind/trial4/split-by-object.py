# %% wrong "Knows four splits and takes the one with the number seed modulo 4, so seeds 0 and 4, or 3 and 11, give the same split." name="trial4_only_four_splits" breaks="seed"
def split_by_object(labels, groups, seed):
    """Splits images so that no object is on both sides."""
    labels, groups = np.asarray(labels), np.asarray(groups)
    shuffling = np.random.default_rng(0)
    chosen = []
    for label in np.unique(labels):
        objects = shuffling.permutation(np.unique(groups[labels == label]))
        count = max(1, round(len(objects) / 4))
        chosen.extend(np.roll(objects, -count * (seed % 4))[:count])
    out = np.isin(groups, chosen)
    return np.flatnonzero(~out), np.flatnonzero(out)

# %% right "Draws whole orders of each class's objects until the images held out are near a quarter, with Python's own random numbers and sets." name="trial4_draws_until_a_quarter"
import random


def split_by_object(labels, groups, seed):
    """Splits images so that no object is on both sides."""
    labels, groups = np.asarray(labels).tolist(), np.asarray(groups).tolist()
    sizes = {}  # class -> object -> images
    for label, group in zip(labels, groups):
        sizes.setdefault(label, {}).setdefault(group, 0)
        sizes[label][group] += 1

    dice = random.Random(int(seed))
    best, best_error = None, float("inf")
    for _ in range(500):
        chosen, count = set(), 0
        for members in sizes.values():
            order = dice.sample(sorted(members), len(members))
            wanted, taken = sum(members.values()) / 4, 0
            for group in order[:-1]:  # one object at least stays in training
                if taken == 0 or abs(taken + members[group] - wanted) < abs(taken - wanted):
                    chosen.add(group)
                    taken += members[group]
            count += taken
        error = abs(count / len(labels) - 0.25)
        if error < best_error:
            best, best_error = chosen, error
        if error < 0.07:
            break
    train = [position for position, group in enumerate(groups) if group not in best]
    held_out = [position for position, group in enumerate(groups) if group in best]
    return np.array(train, dtype=np.int64), np.array(held_out, dtype=np.int64)
