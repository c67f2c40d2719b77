# %% wrong "Takes the machine epsilon of float32 for the last bit, which for a small weight is many bits." name="trial4_epsilon_is_the_last_bit" breaks="smallest difference"
def what_moved(before, after):
    """Compares two states of a model."""
    moved = {"weights": [], "statistics": []}
    last_bit = np.finfo("float32").eps
    for old, new in zip(before.layers, after.layers):
        for was, now in zip(old.weights, new.weights):
            kind = "statistics" if was.name.startswith("moving_") else "weights"
            if np.abs(np.asarray(now) - np.asarray(was)).max() > last_bit and new.name not in moved[kind]:
                moved[kind].append(new.name)
    return moved


# %% right "Compares the bytes of the arrays with an exclusive or, and collects names in sets." name="trial4_bytes_and_sets"
def what_moved(before, after):
    """Compares two states of a model."""
    found = {"weights": set(), "statistics": set()}
    for old, new in zip(before.layers, after.layers):
        for was, now in zip(old.weights, new.weights):
            one = np.frombuffer(np.asarray(was).tobytes(), dtype="uint8")
            other = np.frombuffer(np.asarray(now).tobytes(), dtype="uint8")
            if np.any(one ^ other):
                kind = "statistics" if was.name in {"moving_mean", "moving_variance"} else "weights"
                found[kind].add(new.name)
    return {kind: sorted(names, reverse=True) for kind, names in found.items()}
