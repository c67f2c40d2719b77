# %% wrong "Computes the ratio for each array and returns the mean of these ratios." name="trial2_mean_of_ratios" breaks="relative length"
def how_far(before, after):
    ratios = [
        np.linalg.norm((new - old).ravel()) / np.linalg.norm(old.ravel())
        for old, new in zip(before, after, strict=True)
        if np.any(old)
    ]
    return float(np.mean(ratios))
