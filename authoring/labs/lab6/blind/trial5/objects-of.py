# %% wrong "Numbers the objects of every folder from 0 again, so objects of two folders share a number." name="trial5_numbers_restart_in_folder" breaks="folders"
def objects_of(paths):
    """Numbers images by the object they show."""
    seen = {}
    numbers = []
    for path in map(Path, paths):
        in_folder = seen.setdefault(path.parent, {})
        name = path.stem.rsplit("-", 1)[0]
        numbers.append(in_folder.setdefault(name, len(in_folder)))
    return np.array(numbers)
