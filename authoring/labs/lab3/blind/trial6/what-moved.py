# %% wrong "It makes a list only when the first difference turns up, so a key is missing where nothing differs." name="trial6_missing_keys" breaks="two lists"
def what_moved(before, after):
    """Compares two states of a model."""
    moved = {}
    for old_layer, new_layer in zip(before.layers, after.layers):
        for old, new in zip(old_layer.weights, new_layer.weights):
            if np.array_equal(np.asarray(old), np.asarray(new)):
                continue
            kind = "statistics" if new.name in ("moving_mean", "moving_variance") else "weights"
            names = moved.setdefault(kind, [])
            if new_layer.name not in names:
                names.append(new_layer.name)
    return moved


# %% wrong "It takes all non-trainable weights for statistics, so a frozen layer whose kernel or gamma differs is listed there too." name="trial6_non_trainable_as_statistics" breaks="statistics"
def what_moved(before, after):
    """Compares two states of a model."""
    weights, statistics = [], []
    for old_layer, new_layer in zip(before.layers, after.layers):
        not_trained = {id(weight) for weight in new_layer.non_trainable_weights}
        weights_differ = statistics_differ = False
        for old, new in zip(old_layer.weights, new_layer.weights):
            if np.array_equal(np.asarray(old), np.asarray(new)):
                continue
            if new.name not in ("moving_mean", "moving_variance"):
                weights_differ = True
            if id(new) in not_trained:
                statistics_differ = True
        if weights_differ:
            weights.append(new_layer.name)
        if statistics_differ:
            statistics.append(new_layer.name)
    return {"weights": weights, "statistics": statistics}


# %% right "It takes a snapshot of the raw bytes of every weight and compares two dictionaries." name="trial6_bytes_snapshot"
def what_moved(before, after):
    """Compares two states of a model."""

    def snapshot(model):
        return {
            (place, number, weight.name in {"moving_mean", "moving_variance"}): np.asarray(weight).tobytes()
            for place, layer in enumerate(model.layers)
            for number, weight in enumerate(layer.weights)
        }

    then, now = snapshot(before), snapshot(after)
    changed = [key for key in now if now[key] != then[key]]
    names = [layer.name for layer in after.layers]
    return {
        "weights": sorted({names[place] for place, _, is_statistic in changed if not is_statistic}),
        "statistics": sorted({names[place] for place, _, is_statistic in changed if is_statistic}),
    }
