# %% wrong "Resamples objects, but returns the ends of the 95 % interval." name="trial1_ninety_five" breaks="interval"
def evaluate_predictions(probabilities, labels, groups, training_labels):
    correct = probabilities.argmax(axis=1) == labels
    names, place = np.unique(groups, return_inverse=True)
    hits, sizes = np.bincount(place, weights=correct), np.bincount(place)
    draws = np.random.default_rng(0).integers(0, len(names), size=(4000, len(names)))
    shares = hits[draws].sum(axis=1) / sizes[draws].sum(axis=1)
    low, high = np.percentile(shares, [2.5, 97.5])
    baseline = np.mean(labels == np.bincount(training_labels).argmax())
    return float(correct.mean()), float(low), float(high), float(baseline)

# %% right "A bootstrap of its own: multinomial counts say how often each object is drawn, and two matrix products do the rest." name="trial1_multinomial_bootstrap"
from collections import Counter


def evaluate_predictions(probabilities, labels, groups, training_labels):
    labels = np.asarray(labels)
    correct = np.argmax(probabilities, axis=-1) == labels
    hits, sizes = Counter(), Counter()
    for group, hit in zip(np.asarray(groups).tolist(), correct.tolist()):
        hits[group] += hit
        sizes[group] += 1
    objects = sorted(sizes)
    times = np.random.default_rng(1).multinomial(len(objects), np.full(len(objects), 1 / len(objects)), size=10_000)
    shares = (times @ np.array([hits[o] for o in objects])) / (times @ np.array([sizes[o] for o in objects]))
    low, high = np.quantile(shares, (0.05, 0.95))
    seen = np.bincount(np.asarray(training_labels))
    baseline = np.count_nonzero(labels == seen.argmax()) / labels.size
    return float(np.mean(correct)), float(low), float(high), baseline
