# %% wrong "The baseline is the share of the most frequent class among the training labels themselves, not among the labels held out." name="trial2_evaluate_baseline_of_training" breaks="baseline"
def evaluate_predictions(probabilities, labels, groups, training_labels):
    correct = probabilities.argmax(axis=1) == labels
    accuracy, low, high = accuracy_interval(correct, groups)
    baseline = np.bincount(training_labels).max() / len(training_labels)
    return accuracy, low, high, baseline

# %% right "A bootstrap of its own: it draws how often each object occurs from a multinomial, all resamples at once, and takes the 5 and 95 % points." name="trial2_evaluate_multinomial_bootstrap"
def evaluate_predictions(probabilities, labels, groups, training_labels):
    labels = np.asarray(labels)
    correct = np.argmax(probabilities, axis=-1) == labels
    names, where = np.unique(groups, return_inverse=True)
    sizes = np.bincount(where, minlength=len(names))
    rights = np.bincount(where, weights=correct, minlength=len(names))
    rng = np.random.default_rng(0)
    times = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=20_000)
    low, high = np.percentile((times @ rights) / (times @ sizes), [5, 95])
    classes, counts = np.unique(training_labels, return_counts=True)
    baseline = np.mean(labels == classes[counts.argmax()])
    return float(correct.mean()), float(low), float(high), float(baseline)
