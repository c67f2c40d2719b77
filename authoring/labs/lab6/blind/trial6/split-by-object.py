# %% wrong "Sets a validation part aside as well, so that its images are in neither of the two arrays." name="trial6_validation_part_lost" breaks="every image"
def split_by_object(labels, groups, seed):
    rng = np.random.default_rng(seed)
    labels, groups = np.asarray(labels), np.asarray(groups)
    for _ in range(100):
        train_objects, test_objects = [], []
        for label in np.unique(labels):
            own = rng.permutation(np.unique(groups[labels == label]))
            quarter = max(1, round(len(own) / 4))
            test_objects.extend(own[:quarter])
            # own[quarter : 2 * quarter] is for validation
            train_objects.extend(own[2 * quarter :])
        test = np.isin(groups, test_objects)
        if 0.15 <= test.mean() <= 0.37:
            break
    return np.flatnonzero(np.isin(groups, train_objects)), np.flatnonzero(test)


# %% wrong "Mixes up the two results: a quarter is returned to train on, and three quarters are held out." name="trial6_parts_swapped" breaks="a quarter"
def split_by_object(labels, groups, seed):
    rng = np.random.default_rng(seed)
    labels, groups = np.asarray(labels), np.asarray(groups)
    for _ in range(100):
        chosen = []
        for label in np.unique(labels):
            own = rng.permutation(np.unique(groups[labels == label]))
            chosen.extend(own[: max(1, round(len(own) / 4))])
        quarter = np.isin(groups, chosen)
        if 0.15 <= quarter.mean() <= 0.37:
            break
    return np.flatnonzero(quarter), np.flatnonzero(~quarter)
