# %% wrong "Uses only whether the seed is even or odd, so neighbouring seeds differ and there are but two splits in all." name="trial1_two_splits" breaks="seed"
def split_by_object(labels, groups, seed):
    rng = np.random.default_rng(seed % 2)
    chosen = []
    for number in np.unique(labels):
        objects = rng.permutation(np.unique(groups[labels == number]))
        chosen.extend(objects[: max(1, round(len(objects) / 4))])
    held_out = np.isin(groups, chosen)
    return np.flatnonzero(~held_out), np.flatnonzero(held_out)
