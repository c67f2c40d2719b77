# %% wrong "It takes the machine epsilon of float32 for the smallest difference, which is more than the last bit of every number below one." name="trial2_moved_more_than_eps" breaks="smallest difference"
def what_moved(before, after):
    moved = {"weights": [], "statistics": []}
    tiny = np.finfo("float32").eps
    for old, new in zip(before.layers, after.layers):
        for a, b in zip(old.weights, new.weights):
            if np.max(np.abs(np.asarray(a) - np.asarray(b))) > tiny:
                kind = "statistics" if b.name.startswith("moving_") else "weights"
                if new.name not in moved[kind]:
                    moved[kind].append(new.name)
    return moved

# %% wrong "It believes the flags: a layer that is frozen now is passed over, whatever its weights." name="trial2_moved_trusts_flags" breaks="frozen layers"
def what_moved(before, after):
    weights, statistics = [], []
    for old, new in zip(before.layers, after.layers):
        if not new.trainable:
            continue  # frozen, so it cannot have moved
        differs = {b.name: not np.array_equal(np.asarray(a), np.asarray(b)) for a, b in zip(old.weights, new.weights)}
        if any(value for name, value in differs.items() if name not in ("moving_mean", "moving_variance")):
            weights.append(new.name)
        if differs.get("moving_mean") or differs.get("moving_variance"):
            statistics.append(new.name)
    return {"weights": weights, "statistics": statistics}

# %% right "It compares the raw bytes, recognises the statistics by BatchNorm's attributes instead of names, and gives sorted lists." name="trial2_moved_by_bytes"
def what_moved(before, after):
    def fingerprint(variables):
        return [np.asarray(variable).tobytes() for variable in variables]

    def parts(layer):
        if isinstance(layer, keras.layers.BatchNormalization):
            statistics = [layer.moving_mean, layer.moving_variance]
        else:
            statistics = []
        known = {id(variable) for variable in statistics}
        return {
            "weights": fingerprint(variable for variable in layer.weights if id(variable) not in known),
            "statistics": fingerprint(statistics),
        }

    pairs = [(new.name, parts(old), parts(new)) for old, new in zip(before.layers, after.layers)]
    return {
        kind: sorted({name for name, old, new in pairs if old[kind] != new[kind]}) for kind in ("weights", "statistics")
    }
