"""Numbers objects in the order they come, with a dictionary and text alone."""

REPLACES = "objects-of"
SLOW = True


def objects_of(paths):
    known = {}
    numbers = []
    for path in paths:
        *_, folder, name = path.split("/")
        stem = name.rpartition(".")[0]
        thing = stem.rpartition("-")[0] or stem
        numbers.append(known.setdefault((folder, thing), len(known)))
    return numbers
