# %% wrong "Makes a list only when something is to go into it, so a key is missing where nothing differs." name="trial5_keys_only_when_needed" breaks="two lists"
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


# %% wrong "Counts a difference only if it is larger than the machine epsilon of float32." name="trial5_above_machine_epsilon" breaks="smallest difference"
def what_moved(before, after):
    """Compares two states of a model."""
    moved = {"weights": [], "statistics": []}
    for old_layer, new_layer in zip(before.layers, after.layers):
        for old, new in zip(old_layer.weights, new_layer.weights):
            largest = np.max(np.abs(np.asarray(new) - np.asarray(old)))
            kind = "statistics" if new.name in ("moving_mean", "moving_variance") else "weights"
            if largest > np.finfo("float32").eps and new_layer.name not in moved[kind]:
                moved[kind].append(new_layer.name)
    return moved


# %% right "Writes every weight into a pandas table and reads both lists from it." name="trial5_pandas_table"
def what_moved(before, after):
    """Compares two states of a model."""
    import pandas as pd

    rows = [
        (
            new_layer.name,
            "statistics" if new.name in ("moving_mean", "moving_variance") else "weights",
            bool(np.any(old.numpy() != new.numpy())),
        )
        for old_layer, new_layer in zip(before.layers, after.layers)
        for old, new in zip(old_layer.weights, new_layer.weights)
    ]
    table = pd.DataFrame(rows, columns=["layer", "kind", "differs"])
    table = table[table["differs"].astype(bool)]
    return {kind: table.loc[table["kind"] == kind, "layer"].unique().tolist() for kind in ("weights", "statistics")}
