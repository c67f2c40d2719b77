# %% wrong "It takes every difference below the machine epsilon for rounding, so the last bit of a small number does not count." name="trial3_moved_epsilon" breaks="smallest difference"
def what_moved(before, after):
    eps = np.finfo("float32").eps
    moved = {"weights": [], "statistics": []}
    for old, new in zip(before.layers, after.layers):
        for one, other in zip(old.weights, new.weights):
            if np.any(np.abs(np.asarray(one) - np.asarray(other)) > eps):
                kind = "statistics" if one.name.startswith("moving_") else "weights"
                if new.name not in moved[kind]:
                    moved[kind].append(new.name)
    return moved


# %% wrong "It takes the trainable weights for the trained ones and the others for statistics, so a frozen layer whose kernel moved is named among the statistics." name="trial3_moved_by_flag" breaks="frozen layers"
def what_moved(before, after):
    def differ(some, others):
        return any(not np.array_equal(np.asarray(a), np.asarray(b)) for a, b in zip(some, others))

    weights, statistics = [], []
    for old, new in zip(before.layers, after.layers):
        state = {variable.name: variable for variable in old.weights}
        if differ([state[v.name] for v in new.trainable_weights], new.trainable_weights):
            weights.append(new.name)
        if differ([state[v.name] for v in new.non_trainable_weights], new.non_trainable_weights):
            statistics.append(new.name)
    return {"weights": weights, "statistics": statistics}


# %% right "It compares the raw bytes of the variables and gathers the names as keys of two dictionaries, from the last layer to the first." name="trial3_moved_by_bytes"
def what_moved(before, after):
    found = {"weights": {}, "statistics": {}}
    for old, new in list(zip(before.layers, after.layers))[::-1]:
        for was, now in zip(old.weights, new.weights):
            one, other = (keras.ops.convert_to_numpy(v) for v in (was, now))
            if one.tobytes() != other.tobytes():
                running = now.name in ("moving_mean", "moving_variance")
                found["statistics" if running else "weights"][new.name] = None
    return {kind: list(names) for kind, names in found.items()}
