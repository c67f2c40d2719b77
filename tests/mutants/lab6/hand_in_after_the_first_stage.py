"""Hands in the model of the first stage: nothing was fine-tuned."""

REPLACES = "hand-in"
MUST_FAIL = ("test-hand-in",)
HINT = "nothing has been fine-tuned"


def hand_in():
    images, labels, groups = photos.images, photos.labels, objects_of(paths)
    train, held_out = split_by_object(labels, groups, 0)
    model = first_stage(len(photos.class_names))
    model.fit(images[train], labels[train], epochs=6, batch_size=16, verbose=0)
    return {"model": model, "images": images, "labels": labels, "groups": groups, "train": train, "held_out": held_out}
