# %% wrong "Asks with isin which scenes belong to a drawn object, so an object that is drawn twice counts once." name="trial1_drawn_once" breaks="whole objects"
def accuracy_with_interval(probabilities, labels, groups, level):
    right = np.asarray(probabilities).argmax(axis=1) == labels
    objects = np.unique(groups)
    rng = np.random.default_rng(0)
    drawn = []
    for _ in range(2000):
        chosen = rng.choice(objects, size=len(objects), replace=True)
        drawn.append(right[np.isin(groups, chosen)].mean())
    q = (1 - level) / 2
    low, high = np.quantile(drawn, [q, 1 - q])
    return float(right.mean()), float(low), float(high)


# %% wrong "Knows the quantiles of four usual levels by heart and gives the interval at 90 % for every other level." name="trial1_four_levels" breaks="level"
def accuracy_with_interval(probabilities, labels, groups, level):
    right = np.asarray(probabilities).argmax(axis=1) == labels
    _, numbered = np.unique(groups, return_inverse=True)
    size = np.bincount(numbered)
    correct = np.bincount(numbered, weights=right)
    rng = np.random.default_rng(0)
    chosen = rng.integers(len(size), size=(4000, len(size)))
    drawn = correct[chosen].sum(axis=1) / size[chosen].sum(axis=1)
    q = {0.80: 0.10, 0.90: 0.05, 0.95: 0.025, 0.99: 0.005}.get(round(float(level), 4), 0.05)
    low, high = np.quantile(drawn, [q, 1 - q])
    return float(right.mean()), float(low), float(high)


# %% right "Draws how often each object comes up from a multinomial distribution, and sums scenes by two matrix products." name="trial1_multinomial"
def accuracy_with_interval(probabilities, labels, groups, level):
    right = (np.argmax(probabilities, axis=1) == np.asarray(labels)).astype("float64")
    objects = np.unique(groups)
    member = (objects[:, np.newaxis] == np.asarray(groups)).astype("float64")
    size, correct = member.sum(axis=1), member @ right
    times = np.random.default_rng(20).multinomial(len(objects), np.full(len(objects), 1 / len(objects)), size=5000)
    drawn = (times @ correct) / (times @ size)
    low, high = np.percentile(drawn, [50 * (1 - level), 50 * (1 + level)])
    return right.mean(), low, high
