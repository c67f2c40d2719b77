# %% wrong "Averages the accuracies of the drawn objects, so an object with one scene counts as much as one with six." name="trial3_mean_of_means" breaks="whole objects"
def accuracy_with_interval(probabilities, labels, groups, level):
    right = np.argmax(probabilities, axis=1) == labels
    per_object = np.array([right[groups == group].mean() for group in np.unique(groups)])
    rng = np.random.default_rng(0)
    drawn = [rng.choice(per_object, size=len(per_object)).mean() for _ in range(2000)]
    rest = (1 - level) / 2
    low, high = np.quantile(drawn, [rest, 1 - rest])
    return float(right.mean()), float(low), float(high)


# %% right "Draws how often each object occurs from a multinomial distribution, and computes all draws with two matrix products." name="trial3_multinomial_counts"
def accuracy_with_interval(probabilities, labels, groups, level):
    probabilities, labels, groups = map(np.asarray, (probabilities, labels, groups))
    hits = (probabilities.argmax(axis=-1) == labels).astype(np.float64)
    objects, member = np.unique(groups, return_inverse=True)
    table = np.zeros((len(objects), 2))
    np.add.at(table, member, np.column_stack([hits, np.ones_like(hits)]))
    times = np.random.default_rng(20).multinomial(len(objects), np.full(len(objects), 1 / len(objects)), size=5000)
    sums = times @ table
    low, high = np.percentile(sums[:, 0] / sums[:, 1], [50 * (1 - level), 50 * (1 + level)])
    return np.array([hits.mean(), low, high])
