# %% wrong "All names without a hyphen in one folder become one object, since rpartition gives an empty text for them." name="trial6_rpartition_empty" breaks="same object"
def objects_of(paths):
    known = {}
    numbers = []
    for path in paths:
        key = (Path(path).parent.name, Path(path).stem.rpartition("-")[0])
        numbers.append(known.setdefault(key, len(known)))
    return np.array(numbers, dtype=int)


# %% wrong "Numbers the objects folder by folder and starts again at 0 in each folder." name="trial6_restart_in_each_folder" breaks="folders"
def objects_of(paths):
    folders = np.array([Path(path).parent.name for path in paths])
    names = np.array([Path(path).stem.rsplit("-", 1)[0] for path in paths])
    numbers = np.zeros(len(paths), dtype=int)
    for folder_name in np.unique(folders):
        mine = folders == folder_name
        numbers[mine] = np.unique(names[mine], return_inverse=True)[1]
    return numbers


# %% right "The integer of an object is the position of its first image, so the integers have gaps, and no Path is used." name="trial6_first_position"
def objects_of(paths):
    import os.path

    keys = []
    for path in paths:
        parent, file = os.path.split(str(path))
        before, hyphen, after = os.path.splitext(file)[0].rpartition("-")
        keys.append((parent, hyphen, before if hyphen else after))
    return np.array([keys.index(key) for key in keys], dtype=np.int32)
