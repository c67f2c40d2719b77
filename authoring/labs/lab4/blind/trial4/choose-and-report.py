# %% wrong "Names the model that the validation scenes choose, and reports the accuracy and interval of the one that is best on the test scenes." name="trial4_name_of_one_number_of_another" breaks="accuracy"
def choose_and_report(validation, validation_labels, test, test_labels, test_groups):
    """Chooses one of several models, and says how good it is."""
    name = max(validation, key=lambda each: np.mean(validation[each].argmax(axis=1) == validation_labels))
    right = {each: likely.argmax(axis=1) == test_labels for each, likely in test.items()}
    best = max(right, key=lambda each: right[each].mean())
    accuracy, low, high = accuracy_interval(right[best], test_groups)
    return name, accuracy, low, high


# %% right "Counts right scenes in one array, and resamples the objects with multinomial counts in place of the course's function." name="trial4_multinomial_bootstrap"
def choose_and_report(validation, validation_labels, test, test_labels, test_groups):
    """Chooses one of several models, and says how good it is."""
    names = list(validation)
    counts = [np.count_nonzero(np.argmax(validation[name], axis=-1) == validation_labels) for name in names]
    name = names[int(np.argmax(counts))]
    right = np.argmax(test[name], axis=-1) == np.asarray(test_labels)
    _, which = np.unique(test_groups, return_inverse=True)
    which = np.ravel(which)
    right_of_object, scenes_of_object = np.bincount(which, weights=right), np.bincount(which)
    objects = len(scenes_of_object)
    drawn = np.random.default_rng(0).multinomial(objects, np.full(objects, 1 / objects), size=10_000)
    shares = (drawn @ right_of_object) / (drawn @ scenes_of_object)
    low, high = np.quantile(shares, [0.05, 0.95])
    return name, float(right.mean()), float(low), float(high)
