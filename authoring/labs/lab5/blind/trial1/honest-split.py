# %% wrong "Draws with half of the seed, so that each even seed and the odd one after it give the same split." name="trial1_half_the_seed" breaks="seed"
def honest_split(groups, share, seed):
    groups = np.asarray(groups)
    shuffled = np.random.default_rng(seed // 2).permutation(np.unique(groups))
    held = np.isin(groups, shuffled[: max(1, round(share * len(shuffled)))])
    return np.flatnonzero(~held), np.flatnonzero(held)

# %% right "Goes once through shuffled objects and takes each one that brings the number of test images closer to what was asked." name="trial1_greedy_by_images"
def honest_split(groups, share, seed):
    _, code, sizes = np.unique(np.asarray(groups), return_inverse=True, return_counts=True)
    order = list(range(len(sizes)))
    np.random.default_rng(seed).shuffle(order)
    missing = share * len(code)
    for_testing = np.zeros(len(sizes), dtype=bool)
    for thing in order:
        if abs(missing - sizes[thing]) < abs(missing):
            missing -= sizes[thing]
            for_testing[thing] = True
    sides = {False: [], True: []}
    for position, thing in enumerate(code.ravel()):
        sides[bool(for_testing[thing])].append(position)
    return np.array(sides[False], dtype="int64"), np.array(sides[True], dtype="int64")
