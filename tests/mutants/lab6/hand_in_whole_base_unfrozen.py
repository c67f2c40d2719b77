"""Unfreezes the whole base for a last epoch, BatchNorm too."""

REPLACES = "hand-in"
MUST_FAIL = ("test-hand-in",)
HINT = "ImageNet's weights any more"
SLOW = True


def hand_in():
    images, labels, groups = photos.images, photos.labels, objects_of(paths)
    train, held_out = split_by_object(labels, groups, 0)
    model = second_stage(first_stage(len(photos.class_names)))
    # Layer by layer: the model's own flag says True already, and TensorFlow skips a line that sets what is set.
    for layer in next(layer for layer in model.layers if isinstance(layer, keras.Model)).layers:
        layer.trainable = True
    model.compile("adam", loss="sparse_categorical_crossentropy")
    model.fit(images[train], labels[train], epochs=1, batch_size=16, verbose=0)
    return {"model": model, "images": images, "labels": labels, "groups": groups, "train": train, "held_out": held_out}
