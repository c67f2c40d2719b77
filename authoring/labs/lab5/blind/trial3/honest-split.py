# %% wrong "There are only eight different splits, since the seed is taken modulo 8." name="trial3_seed_modulo_eight" breaks="seed"
def honest_split(groups, share, seed):
    groups = np.asarray(groups)
    objects, counts = np.unique(groups, return_counts=True)
    order = np.random.default_rng(int(seed) % 8).permutation(len(objects))
    shares = np.cumsum(counts[order]) / len(groups)
    number = int(np.abs(shares - share).argmin()) + 1
    testing = np.isin(groups, objects[order[:number]])
    return np.flatnonzero(~testing), np.flatnonzero(testing)
