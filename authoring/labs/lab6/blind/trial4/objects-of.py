# %% wrong "Cuts the whole path at its last hyphen: in a folder such as oak-leaf all names without a hyphen become one object." name="trial4_last_hyphen_of_the_path" breaks="same object"
def objects_of(paths):
    """Numbers images by the object they show."""
    names = [path.rsplit("-", 1)[0] for path in paths]
    return np.unique(names, return_inverse=True)[1]

# %% right "Numbers the objects as they appear, with a dictionary whose keys are tuples of text." name="trial4_numbers_as_they_appear"
def objects_of(paths):
    """Numbers images by the object they show."""
    numbers = {}

    def key(path):
        folder, _, file = path.rpartition("/")
        stem = file.rpartition(".")[0] or file
        name, hyphen, _ = stem.rpartition("-")
        return (folder, name) if hyphen else (folder, None, stem)

    return np.fromiter(
        (numbers.setdefault(key(path), len(numbers)) for path in paths), dtype=np.int64, count=len(paths)
    )
