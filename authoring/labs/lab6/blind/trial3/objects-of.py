# %% wrong "It cuts the whole path at its last hyphen, so files without a hyphen become one object where the folder has a hyphen in its name." name="trial3_cuts_the_folder" breaks="same object"
def objects_of(paths):
    names = [str(path).rsplit("-", 1)[0] for path in paths]
    return np.unique(names, return_inverse=True)[1]
