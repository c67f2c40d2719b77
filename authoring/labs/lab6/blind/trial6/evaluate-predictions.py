# %% wrong "The baseline is the share of the most frequent class among the training labels, not among the labels held out." name="trial6_baseline_on_training" breaks="baseline"
def evaluate_predictions(probabilities, labels, groups, training_labels):
    correct = probabilities.argmax(axis=1) == labels
    accuracy, low, high = accuracy_interval(correct, groups)
    baseline = np.bincount(training_labels).max() / len(training_labels)
    return accuracy, low, high, baseline


# %% right "An own bootstrap of the objects: multinomial counts and one matrix product in place of accuracy_interval." name="trial6_multinomial_bootstrap"
def evaluate_predictions(probabilities, labels, groups, training_labels):
    labels = np.asarray(labels)
    right = (np.argmax(probabilities, axis=1) == labels).astype(float)
    objects, member = np.unique(groups, return_inverse=True)
    hits = np.bincount(member, weights=right)
    sizes = np.bincount(member)
    count = len(objects)
    drawn = np.random.default_rng(0).multinomial(count, np.full(count, 1 / count), size=20000)
    low, high = np.quantile((drawn @ hits) / (drawn @ sizes), [0.05, 0.95])
    classes, frequency = np.unique(training_labels, return_counts=True)
    majority = classes[frequency.argmax()]
    return float(right.mean()), float(low), float(high), float(np.mean(labels == majority))
