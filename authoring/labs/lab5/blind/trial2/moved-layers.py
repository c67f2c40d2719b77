# %% wrong "Compares the sums of the arrays, so numbers that change places or move by the last bit go unseen." name="trial2_compares_sums" breaks="moved layers"
def moved_layers(before, after):
    return [
        name
        for name in before
        if any(np.sum(old) != np.sum(new) for old, new in zip(before[name], after[name], strict=True))
    ]
