"""Trains longer in the first stage and shuffles nothing itself."""

REPLACES = "hand-in"
SLOW = True


def hand_in():
    images, labels, groups = photos.images, photos.labels, objects_of(paths)
    train, held_out = split_by_object(labels, groups, 0)
    model = first_stage(len(photos.class_names))
    model.fit(images[train].astype("float32"), labels[train], epochs=10, batch_size=8, verbose=0)
    model = second_stage(model)
    model.fit(images[train].astype("float32"), labels[train], epochs=2, batch_size=8, verbose=0)
    return {"model": model, "images": images, "labels": labels, "groups": groups, "train": train, "held_out": held_out}
