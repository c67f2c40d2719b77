"""Trains on everything and still reports images as held out, by cutting anew without objects."""

REPLACES = "hand-in"
MUST_FAIL = ("test-hand-in",)
HINT = "on both sides"


def hand_in():
    images, labels, groups = photos.images, photos.labels, objects_of(paths)
    train, held_out = split_by_object(labels, groups, 0)
    model = second_stage(first_stage(len(photos.class_names)))
    order = list(range(len(labels)))
    return {
        "model": model,
        "images": images,
        "labels": labels,
        "groups": groups,
        "train": order[::2],
        "held_out": order[1::2],
    }
