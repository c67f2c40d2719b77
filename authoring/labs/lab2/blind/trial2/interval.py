# %% wrong "Draws objects with replacement but takes each drawn object once, however often it was drawn." name="trial2_isin_forgets_repeats" breaks="whole objects"
def accuracy_with_interval(probabilities, labels, groups, level):
    right = np.asarray(probabilities).argmax(axis=1) == np.asarray(labels)
    groups = np.asarray(groups)
    objects = np.unique(groups)
    rng = np.random.default_rng(0)
    drawn = []
    for _ in range(2000):
        chosen = rng.choice(objects, size=len(objects), replace=True)
        drawn.append(right[np.isin(groups, chosen)].mean())
    q = (1 - level) / 2
    low, high = np.quantile(drawn, [q, 1 - q])
    return float(right.mean()), float(low), float(high)
