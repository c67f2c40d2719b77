# %% wrong "Draws objects with replacement but picks their scenes with np.isin, so an object drawn twice counts once." name="trial6_isin_drops_repeats" breaks="whole objects"
def accuracy_with_interval(probabilities, labels, groups, level):
    rng = np.random.default_rng(0)
    correct = np.asarray(probabilities).argmax(axis=1) == labels
    objects = np.unique(groups)
    drawn = []
    for _ in range(2000):
        chosen = rng.choice(objects, size=len(objects), replace=True)
        drawn.append(correct[np.isin(groups, chosen)].mean())
    rest = (1 - level) / 2
    low, high = np.quantile(drawn, [rest, 1 - rest])
    return float(correct.mean()), float(low), float(high)


# %% right "Draws how often each object occurs from a multinomial distribution, all draws at once as a matrix product." name="trial6_multinomial_counts"
def accuracy_with_interval(probabilities, labels, groups, level):
    hits = (np.argmax(probabilities, axis=-1) == np.asarray(labels)).astype("float64")
    objects = np.unique(groups)
    member = (np.asarray(groups)[None, :] == objects[:, None]).astype("float64")
    times = np.random.default_rng(7).multinomial(len(objects), np.full(len(objects), 1 / len(objects)), size=4000)
    drawn = (times @ (member @ hits)) / (times @ member.sum(axis=1))
    low, high = np.percentile(drawn, [50 * (1 - level), 50 * (1 + level)])
    return hits.mean().item(), low.item(), high.item()
