# %% wrong "Hands the classes to accuracy_interval in place of the objects, so whole classes are resampled." name="trial5_resamples_classes" breaks="interval"
def evaluate_predictions(probabilities, labels, groups, training_labels):
    """Says how good a model is on images held out, and compared to what."""
    correct = probabilities.argmax(axis=1) == labels
    _, low, high = accuracy_interval(correct, labels)
    majority = np.bincount(training_labels).argmax()
    return float(np.mean(correct)), float(low), float(high), float(np.mean(labels == majority))


# %% right "Resamples objects in one step, as multinomial counts times matrices, and takes the majority from SciPy." name="trial5_multinomial_bootstrap"
from scipy import stats


def evaluate_predictions(probabilities, labels, groups, training_labels):
    """Says how good a model is on images held out, and compared to what."""
    labels = np.asarray(labels)
    correct = np.equal(np.argmax(probabilities, axis=-1), labels).astype("float64")
    _, number = np.unique(groups, return_inverse=True)
    right = np.bincount(number, weights=correct)
    size = np.bincount(number)
    objects = len(size)
    draws = np.random.default_rng(0).multinomial(objects, np.full(objects, 1 / objects), size=20_000)
    shares = (draws @ right) / (draws @ size)
    low, high = np.quantile(shares, [0.05, 0.95])
    majority = stats.mode(training_labels, axis=None).mode
    return float(correct.mean()), float(low), float(high), float(np.mean(labels == majority))
