# %% wrong "Cuts the whole path at its last hyphen, so that in a folder such as wine-glass all names without a hyphen become one object." name="trial1_hyphen_of_the_folder" breaks="same object"
def objects_of(paths):
    names = [str(path).rsplit("-", 1)[0] for path in paths]
    return np.unique(names, return_inverse=True)[1]
