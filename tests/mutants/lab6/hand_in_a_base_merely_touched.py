"""Trains the first stage only, and nudges the last layers of the base so that they are not ImageNet's any more."""

REPLACES = "hand-in"
MUST_FAIL = ("test-hand-in",)
HINT = "with ImageNet's base put back"


def hand_in():
    images, labels, groups = photos.images, photos.labels, objects_of(paths)
    train, held_out = split_by_object(labels, groups, 0)
    model = first_stage(len(photos.class_names))
    model.fit(images[train], labels[train], epochs=6, batch_size=16, verbose=0)
    model = second_stage(model)
    for weight in model.trainable_variables:
        weight.assign(weight * 1.0001)
    return {"model": model, "images": images, "labels": labels, "groups": groups, "train": train, "held_out": held_out}
