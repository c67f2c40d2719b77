# %% wrong "Leaves the shared images out of training before it compares objects, so an object whose only training images are shared is not counted." name="trial4_shared_images_left_out" breaks="same object"
def leaks(train, test, groups):
    """Counts what two sides of a split share."""
    train, test, groups = np.asarray(train), np.asarray(test), np.asarray(groups)
    same_image = np.isin(test, train)
    rest = np.setdiff1d(train, test)  # the shared ones have been counted already
    same_object = np.isin(groups[test], groups[rest])
    return int(same_image.sum()), int(same_object.sum())
