# %% wrong "Folder and name are joined with nothing between, so tea/pot-1.jpg and teapo/t-1.jpg become one object." name="trial2_objects_joined_without_slash" breaks="folders"
def objects_of(paths):
    names = [Path(path).parent.name + Path(path).stem.rsplit("-", 1)[0] for path in paths]
    return np.unique(names, return_inverse=True)[1]
