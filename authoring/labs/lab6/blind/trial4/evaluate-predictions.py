# %% wrong "Resamples objects, but cuts off 2.5 % at each end: a 95 % interval." name="trial4_ninety_five_per_cent" breaks="interval"
def evaluate_predictions(probabilities, labels, groups, training_labels):
    """Says how good a model is on images held out, and compared to what."""
    labels = np.asarray(labels)
    correct = np.asarray(probabilities).argmax(axis=1) == labels
    _, which = np.unique(groups, return_inverse=True)
    hits, sizes = np.bincount(which, weights=correct), np.bincount(which)
    drawn = np.random.default_rng(0).integers(0, len(sizes), size=(5000, len(sizes)))
    accuracies = hits[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    low, high = np.percentile(accuracies, [2.5, 97.5])
    baseline = np.mean(labels == np.bincount(training_labels).argmax())
    return float(correct.mean()), float(low), float(high), float(baseline)
