# %% wrong "Leaves the test images that are training images themselves out of the second count, as if they were already dealt with." name="trial6_second_count_without_first" breaks="same object"
def leaks(train, test, groups):
    """Counts what two sides of a split share."""
    same_image = np.isin(test, train)
    same_object = np.isin(groups[test], groups[train]) & ~same_image
    return int(same_image.sum()), int(same_object.sum())
