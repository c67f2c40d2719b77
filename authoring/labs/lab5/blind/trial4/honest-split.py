# %% wrong "The test objects are the same for every seed; the seed only changes the order of the positions within the two arrays." name="trial4_seed_changes_the_order_only" breaks="seed"
def honest_split(groups, share, seed):
    """Splits images so that no object is on both sides."""
    groups = np.asarray(groups)
    objects, sizes = np.unique(groups, return_counts=True)
    wanted, taken, chosen = share * len(groups), 0, []
    for name, size in zip(objects, sizes):
        if abs(taken + size - wanted) < abs(taken - wanted):
            chosen.append(name)
            taken += size
    for_test = np.isin(groups, chosen)
    order = np.random.default_rng(seed)
    return order.permutation(np.flatnonzero(~for_test)), order.permutation(np.flatnonzero(for_test))

# %% right "Orders the objects by a hash of seed and name, and takes each that brings the number of images nearer to the share." name="trial4_order_from_a_hash"
import hashlib


def honest_split(groups, share, seed):
    """Splits images so that no object is on both sides."""
    members = {}
    for position, name in enumerate(np.asarray(groups).tolist()):
        members.setdefault(name, []).append(position)

    def ticket(name):
        return hashlib.sha256(f"{seed}|{name}".encode()).hexdigest()

    wanted = share * len(groups)
    test, train = [], []
    for name in sorted(members, key=ticket):
        nearer = abs(len(test) + len(members[name]) - wanted) < abs(len(test) - wanted)
        (test if nearer else train).extend(members[name])
    return np.array(sorted(train), dtype=np.int64), np.array(sorted(test), dtype=np.int64)
