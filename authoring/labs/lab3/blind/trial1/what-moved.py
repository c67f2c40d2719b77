# %% wrong "The numbers of each weight are sorted before they are compared, so a weight whose numbers changed places counts as the same." name="trial1_compares_sorted_numbers" breaks="weights"
def what_moved(before, after):
    """Compares two states of a model."""
    moved = {"weights": [], "statistics": []}
    for old, new in zip(before.layers, after.layers):
        for was, now in zip(old.weights, new.weights):
            kind = "statistics" if was.name in ("moving_mean", "moving_variance") else "weights"
            first, second = np.sort(np.asarray(was), axis=None), np.sort(np.asarray(now), axis=None)
            if not np.array_equal(first, second) and old.name not in moved[kind]:
                moved[kind].append(old.name)
    return moved


# %% right "Both models become dictionaries of raw bytes, and sets of the keys that differ are sorted into the two lists." name="trial1_dictionaries_of_bytes"
def what_moved(before, after):
    """Compares two states of a model."""

    def state(model):
        return {
            (layer.name, number, weight.name): np.asarray(weight).tobytes()
            for layer in model.layers
            for number, weight in enumerate(layer.weights)
        }

    old, new = state(before), state(after)
    differing = {key for key, content in old.items() if content != new[key]}
    statistics = {key for key in differing if key[2] in {"moving_mean", "moving_variance"}}
    return {
        "weights": sorted({layer for layer, _, _ in differing - statistics}, reverse=True),
        "statistics": sorted({layer for layer, _, _ in statistics}, reverse=True),
    }
