# %% wrong "The second number counts the shared objects, not the test images that show them." name="trial2_counts_objects" breaks="same object"
def leaks(train, test, groups):
    same_image = int(np.isin(test, train).sum())
    same_object = len(set(groups[train].tolist()) & set(groups[test].tolist()))
    return same_image, same_object
