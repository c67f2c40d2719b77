# %% wrong "The second number counts the training images that show an object of the test part, not the test images." name="trial1_counts_training_side" breaks="same object"
def leaks(train, test, groups):
    train, test, groups = np.asarray(train), np.asarray(test), np.asarray(groups)
    same_image = np.isin(test, train).sum()
    same_object = np.isin(groups[train], groups[test]).sum()
    return int(same_image), int(same_object)
