# %% wrong "It chooses the model that gives the right classes the highest mean probability, not the one that has most scenes right." name="trial3_choose_by_confidence" breaks="chosen"
def choose_and_report(validation, validation_labels, test, test_labels, test_groups):
    rows = np.arange(len(validation_labels))
    name = max(validation, key=lambda use: np.mean(np.asarray(validation[use])[rows, validation_labels]))
    correct = np.asarray(test[name]).argmax(axis=1) == np.asarray(test_labels)
    accuracy, low, high = accuracy_interval(correct, test_groups)
    return name, accuracy, low, high


# %% right "Its own bootstrap: it draws how often each object comes as multinomial counts, for all repetitions at once." name="trial3_choose_multinomial"
def choose_and_report(validation, validation_labels, test, test_labels, test_groups):
    from collections import Counter

    hits = Counter(
        {use: int(np.sum(np.argmax(some, axis=1) == np.asarray(validation_labels))) for use, some in validation.items()}
    )
    name = hits.most_common(1)[0][0]
    correct = (np.argmax(test[name], axis=1) == np.asarray(test_labels)).astype(float)
    _, number = np.unique(np.asarray(test_groups), return_inverse=True)
    number = number.ravel()
    size = np.bincount(number)
    right = np.bincount(number, weights=correct)
    drawn = np.random.default_rng(17).multinomial(len(size), np.full(len(size), 1 / len(size)), size=10_000)
    shares = (drawn @ right) / (drawn @ size)
    low, high = np.quantile(shares, [0.05, 0.95])
    return name, float(correct.mean()), float(low), float(high)
