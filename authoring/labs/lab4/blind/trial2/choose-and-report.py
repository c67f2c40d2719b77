# %% wrong "Gives each scene a group of its own, so that scenes are resampled and not objects." name="trial2_choose_scenes_resampled" breaks="interval"
def choose_and_report(validation, validation_labels, test, test_labels, test_groups):
    name = max(validation, key=lambda model: np.mean(validation[model].argmax(axis=1) == validation_labels))
    correct = test[name].argmax(axis=1) == test_labels
    accuracy, low, high = accuracy_interval(correct, np.arange(len(correct)))
    return name, accuracy, low, high

# %% right "Resamples the objects by its own bootstrap: multinomial weights and one matrix product." name="trial2_choose_own_bootstrap"
def choose_and_report(validation, validation_labels, test, test_labels, test_groups):
    names = list(validation)
    hits = [np.count_nonzero(np.argmax(validation[some], axis=-1) == validation_labels) for some in names]
    name = names[int(np.argmax(hits))]

    correct = (np.argmax(test[name], axis=-1) == np.asarray(test_labels)).astype("float64")
    _, codes = np.unique(np.asarray(test_groups), return_inverse=True)
    sizes = np.bincount(codes)
    rights = np.bincount(codes, weights=correct)
    draws = np.random.default_rng(7).multinomial(len(sizes), np.full(len(sizes), 1 / len(sizes)), size=10_000)
    low, high = np.quantile((draws @ rights) / (draws @ sizes), [0.05, 0.95])
    return name, float(correct.mean()), float(low), float(high)
