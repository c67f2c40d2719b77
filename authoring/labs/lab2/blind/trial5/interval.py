# %% wrong "Takes the scenes of the drawn objects with isin, so an object drawn twice counts only once." name="trial5_drawn_twice_counts_once" breaks="whole objects"
def accuracy_with_interval(probabilities, labels, groups, level):
    groups = np.asarray(groups)
    hits = np.asarray(probabilities).argmax(axis=1) == np.asarray(labels)
    objects = np.unique(groups)
    rng = np.random.default_rng(0)
    drawn = []
    for _ in range(2000):
        chosen = rng.choice(objects, size=len(objects), replace=True)
        drawn.append(hits[np.isin(groups, chosen)].mean())
    q = (1 - level) / 2
    low, high = np.quantile(drawn, [q, 1 - q])
    return float(hits.mean()), float(low), float(high)


# %% wrong "Gives the mean of the classes' own accuracies instead of the share of scenes." name="trial5_balanced_accuracy" breaks="accuracy"
def accuracy_with_interval(probabilities, labels, groups, level):
    from sklearn.metrics import balanced_accuracy_score

    predicted = np.asarray(probabilities).argmax(axis=1)
    accuracy = balanced_accuracy_score(labels, predicted)
    objects, which = np.unique(groups, return_inverse=True)
    size = np.bincount(which)
    right = np.bincount(which, weights=predicted == np.asarray(labels))
    rng = np.random.default_rng(0)
    chosen = rng.integers(len(objects), size=(2000, len(objects)))
    drawn = right[chosen].sum(axis=1) / size[chosen].sum(axis=1)
    q = (1 - level) / 2
    low, high = np.quantile(drawn, [q, 1 - q])
    return float(accuracy), float(low), float(high)


# %% right "Draws how often each object is taken from a multinomial, and sums with matrix products over a pandas table." name="trial5_multinomial_counts"
def accuracy_with_interval(probabilities, labels, groups, level):
    import pandas as pd

    hits = np.equal(np.argmax(probabilities, axis=1), labels).astype(int)
    table = pd.DataFrame({"object": np.asarray(groups), "hit": hits}).groupby("object")["hit"].agg(["sum", "count"])
    right, size = table["sum"].to_numpy(), table["count"].to_numpy()
    number = len(table)
    times = np.random.default_rng(0).multinomial(number, np.full(number, 1 / number), size=4000)
    drawn = (times @ right) / (times @ size)
    low, high = np.percentile(drawn, [50 - 50 * level, 50 + 50 * level])
    return float(hits.mean()), float(low), float(high)
