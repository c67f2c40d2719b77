# %% wrong "The baseline is the share of the training labels, not of the labels held out, that are the most frequent class." name="trial3_baseline_of_training" breaks="baseline"
def evaluate_predictions(probabilities, labels, groups, training_labels):
    correct = np.argmax(probabilities, axis=1) == labels
    accuracy, low, high = accuracy_interval(correct, groups)
    baseline = np.bincount(training_labels).max() / len(training_labels)
    return float(accuracy), float(low), float(high), float(baseline)


# %% wrong "It takes each run of equal neighbours in groups for an object, so that images in mixed order are resampled one by one." name="trial3_runs_as_objects" breaks="interval"
def evaluate_predictions(probabilities, labels, groups, training_labels):
    labels, groups = np.asarray(labels), np.asarray(groups)
    correct = np.argmax(probabilities, axis=1) == labels
    runs = np.concatenate([[0], np.cumsum(np.diff(groups) != 0)])
    accuracy, low, high = accuracy_interval(correct, runs)
    baseline = np.mean(labels == np.bincount(training_labels).argmax())
    return float(accuracy), float(low), float(high), float(baseline)


# %% right "It draws the objects itself, as multinomial counts in one matrix, and takes scipy's mode for the baseline." name="trial3_own_bootstrap"
from scipy import stats


def evaluate_predictions(probabilities, labels, groups, training_labels):
    labels = np.asarray(labels)
    correct = (np.asarray(probabilities).argmax(axis=1) == labels).astype("float64")
    objects, member = np.unique(np.asarray(groups), return_inverse=True)
    sizes = np.bincount(member, minlength=len(objects))
    hits = np.bincount(member, weights=correct, minlength=len(objects))
    number = len(objects)
    draws = np.random.default_rng(12345).multinomial(number, np.full(number, 1 / number), size=10_000)
    shares = (draws @ hits) / (draws @ sizes)
    low, high = np.quantile(shares, [0.05, 0.95])
    usual = stats.mode(np.asarray(training_labels), axis=None).mode
    return correct.mean(), low, high, np.count_nonzero(labels == usual) / labels.size
