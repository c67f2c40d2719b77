"""Trains on labels that do not belong to the images."""

REPLACES = "hand-in"
MUST_FAIL = ("test-hand-in",)
HINT = "clearly more than"
SLOW = True


def hand_in():
    images, labels, groups = photos.images, photos.labels, objects_of(paths)
    train, held_out = split_by_object(labels, groups, 0)
    model = first_stage(len(photos.class_names))
    model.fit(images[train], (labels[train] + 1) % len(photos.class_names), epochs=6, batch_size=16, verbose=0)
    model = second_stage(model)
    model.fit(images[train], (labels[train] + 1) % len(photos.class_names), epochs=1, batch_size=16, verbose=0)
    return {"model": model, "images": images, "labels": labels, "groups": groups, "train": train, "held_out": held_out}
