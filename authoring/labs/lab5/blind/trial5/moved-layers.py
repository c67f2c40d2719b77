# %% wrong "Asks for the share of unchanged arrays and guards the division, so a layer without arrays has the share 0 and is named." name="trial5_no_arrays_counts_as_moved" breaks="other layers"
def moved_layers(before, after):
    moved = []
    for name, old in before.items():
        unchanged = sum(np.array_equal(a, b) for a, b in zip(old, after[name]))
        if unchanged / max(len(old), 1) < 1:
            moved.append(name)
    return moved
