# %% wrong "Chooses the model with the smallest cross-entropy on the validation scenes, not the one with most of them right." name="trial5_chosen_by_log_loss" breaks="chosen"
def choose_and_report(validation, validation_labels, test, test_labels, test_groups):
    rows = np.arange(len(validation_labels))

    def cross_entropy(name):
        of_the_true_class = np.asarray(validation[name])[rows, validation_labels]
        return -np.log(np.clip(of_the_true_class, 1e-7, 1.0)).mean()

    name = min(validation, key=cross_entropy)
    correct = test[name].argmax(axis=1) == test_labels
    accuracy, low, high = accuracy_interval(correct, test_groups)
    return name, accuracy, low, high


# %% wrong "Takes the 10th and the 90th percentile of the resampled accuracies, which is an 80 % interval." name="trial5_ten_percent_on_each_side" breaks="interval"
def choose_and_report(validation, validation_labels, test, test_labels, test_groups):
    name = max(validation, key=lambda name: (validation[name].argmax(axis=1) == validation_labels).mean())
    correct = test[name].argmax(axis=1) == test_labels
    objects, place = np.unique(test_groups, return_inverse=True)
    right = np.bincount(place, weights=correct)
    shown = np.bincount(place)
    rng = np.random.default_rng(0)
    drawn = rng.integers(len(objects), size=(4000, len(objects)))
    shares = right[drawn].sum(axis=1) / shown[drawn].sum(axis=1)
    low, high = np.quantile(shares, [0.1, 0.9])
    return name, float(correct.mean()), float(low), float(high)


# %% right "Counts with a Counter, takes the accuracy from scikit-learn, and resamples the objects as multinomial weights, all in one matrix product." name="trial5_multinomial_bootstrap"
def choose_and_report(validation, validation_labels, test, test_labels, test_groups):
    from sklearn.metrics import accuracy_score

    solved = Counter()
    for name, probabilities in validation.items():
        solved[name] = int(np.count_nonzero(np.argmax(probabilities, axis=-1) == validation_labels))
    name = solved.most_common(1)[0][0]
    said = np.argmax(test[name], axis=-1)
    accuracy = accuracy_score(test_labels, said)
    objects, place = np.unique(test_groups, return_inverse=True)
    right = np.zeros(len(objects))
    shown = np.zeros(len(objects))
    np.add.at(right, place, said == test_labels)
    np.add.at(shown, place, 1)
    rng = np.random.default_rng(2024)
    times = rng.multinomial(len(objects), np.full(len(objects), 1 / len(objects)), size=10_000)
    low, high = np.percentile(times @ right / (times @ shown), [5, 95])
    return name, float(accuracy), float(low), float(high)
