# %% wrong "Draws objects but averages their accuracies, as if every object had equally many scenes." name="trial4_mean_of_objects" breaks="whole objects"
def accuracy_with_interval(probabilities, labels, groups, level):
    """Gives an accuracy with a confidence interval that resamples objects."""
    right = np.asarray(probabilities).argmax(axis=1) == labels
    objects, inverse = np.unique(groups, return_inverse=True)
    share = np.bincount(inverse, weights=right) / np.bincount(inverse)
    rng = np.random.default_rng(0)
    chosen = rng.integers(len(objects), size=(2000, len(objects)))
    drawn = share[chosen].mean(axis=1)
    q = (1 - level) / 2
    low, high = np.quantile(drawn, [q, 1 - q])
    return float(right.mean()), float(low), float(high)


# %% right "Draws how often each object occurs from a multinomial distribution." name="trial4_multinomial_counts"
import pandas as pd


def accuracy_with_interval(probabilities, labels, groups, level):
    """Gives an accuracy with a confidence interval that resamples objects."""
    table = pd.DataFrame({"group": groups, "right": np.argmax(probabilities, axis=1) == np.asarray(labels)})
    sums = table.groupby("group")["right"].agg(["sum", "count"]).to_numpy(dtype=np.float64)
    number = len(sums)
    times = np.random.default_rng(20).multinomial(number, np.full(number, 1 / number), size=5000)
    right, size = (times @ sums).T
    tail = 50 * (1 - level)
    low, high = np.percentile(right / size, [tail, 100 - tail])
    return table["right"].mean(), low, high
