# %% wrong "Leaves the images that are themselves in training out of the second count, as if each test image were counted at most once." name="trial5_second_count_without_first" breaks="same object"
def leaks(train, test, groups):
    same_image = np.isin(test, train)
    same_object = np.isin(groups[test], groups[train]) & ~same_image
    return int(same_image.sum()), int(same_object.sum())
