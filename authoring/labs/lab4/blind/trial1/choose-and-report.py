# %% wrong "The bootstrap over objects is right, but the ends are the quantiles of a 95 % interval." name="trial1_ninety_five_percent" breaks="interval"
def choose_and_report(validation, validation_labels, test, test_labels, test_groups):
    """Chooses one of several models, and says how good it is."""
    name = max(validation, key=lambda use: np.mean(validation[use].argmax(axis=1) == validation_labels))
    correct = test[name].argmax(axis=1) == test_labels
    members = [np.flatnonzero(test_groups == group) for group in np.unique(test_groups)]
    rng = np.random.default_rng(0)
    shares = []
    for _ in range(2000):
        drawn = rng.integers(len(members), size=len(members))
        shares.append(correct[np.concatenate([members[number] for number in drawn])].mean())
    low, high = np.quantile(shares, [0.025, 0.975])
    return name, float(correct.mean()), float(low), float(high)


# %% wrong "Among the models that are within two scenes of the best on the validation scenes, the test scenes choose." name="trial1_test_breaks_near_ties" breaks="chosen"
def choose_and_report(validation, validation_labels, test, test_labels, test_groups):
    """Chooses one of several models, and says how good it is."""
    hits = {use: int((likely.argmax(axis=1) == validation_labels).sum()) for use, likely in validation.items()}
    near = [use for use in hits if hits[use] >= max(hits.values()) - 2]
    name = max(near, key=lambda use: (test[use].argmax(axis=1) == test_labels).mean())
    return name, *accuracy_interval(test[name].argmax(axis=1) == test_labels, test_groups)


# %% right "The bootstrap is written out as one matrix product: how often each object is drawn comes from a multinomial distribution." name="trial1_multinomial_bootstrap"
def choose_and_report(validation, validation_labels, test, test_labels, test_groups):
    """Chooses one of several models, and says how good it is."""
    names = list(validation)
    hits = [np.count_nonzero(np.argmax(validation[name], axis=1) == validation_labels) for name in names]
    name = names[int(np.argmax(hits))]
    correct = np.argmax(test[name], axis=1) == np.asarray(test_labels)
    _, which = np.unique(test_groups, return_inverse=True)
    sizes = np.bincount(which)
    right = np.bincount(which, weights=correct)
    rng = np.random.default_rng(20)
    drawn = rng.multinomial(len(sizes), np.full(len(sizes), 1 / len(sizes)), size=20_000)
    low, high = np.percentile((drawn @ right) / (drawn @ sizes), [5, 95])
    return name, float(correct.mean()), float(low), float(high)
