# %% wrong "Trains the first stage only, and nudges the last layers of the base so that they are not ImageNet's any more." name="hand_in_a_base_merely_touched" breaks="fine-tuned as claimed" says="with ImageNet's base put back"
def hand_in():
    images, labels, groups = photos.images, photos.labels, objects_of(paths)
    train, held_out = split_by_object(labels, groups, 0)
    model = first_stage(len(photos.class_names))
    model.fit(images[train], labels[train], epochs=6, batch_size=16, verbose=0)
    model = second_stage(model)
    for weight in model.trainable_variables:
        weight.assign(weight * 1.0001)
    return {"model": model, "images": images, "labels": labels, "groups": groups, "train": train, "held_out": held_out}


# %% wrong "Hands in the model of the first stage: nothing was fine-tuned." name="hand_in_after_the_first_stage" breaks="fine-tuned as claimed" says="nothing has been fine-tuned"
def hand_in():
    images, labels, groups = photos.images, photos.labels, objects_of(paths)
    train, held_out = split_by_object(labels, groups, 0)
    model = first_stage(len(photos.class_names))
    model.fit(images[train], labels[train], epochs=6, batch_size=16, verbose=0)
    return {"model": model, "images": images, "labels": labels, "groups": groups, "train": train, "held_out": held_out}


# %% wrong "Trains on labels that do not belong to the images." name="hand_in_labels_of_other_pictures" breaks="better than the majority class on what was held out" says="clearly more than" slow
def hand_in():
    images, labels, groups = photos.images, photos.labels, objects_of(paths)
    train, held_out = split_by_object(labels, groups, 0)
    model = first_stage(len(photos.class_names))
    model.fit(images[train], (labels[train] + 1) % len(photos.class_names), epochs=6, batch_size=16, verbose=0)
    model = second_stage(model)
    model.fit(images[train], (labels[train] + 1) % len(photos.class_names), epochs=1, batch_size=16, verbose=0)
    return {"model": model, "images": images, "labels": labels, "groups": groups, "train": train, "held_out": held_out}


# %% wrong "Builds both stages and trains neither." name="hand_in_never_trained" breaks="trained" says="nothing has been fine-tuned"
def hand_in():
    images, labels, groups = photos.images, photos.labels, objects_of(paths)
    train, held_out = split_by_object(labels, groups, 0)
    model = second_stage(first_stage(len(photos.class_names)))
    return {"model": model, "images": images, "labels": labels, "groups": groups, "train": train, "held_out": held_out}


# %% wrong "Trains on everything and still reports images as held out, by cutting anew without objects." name="hand_in_tests_on_what_it_trained_on" breaks="a split that does not leak" says="on both sides"
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


# %% wrong "Unfreezes the whole base for a last epoch, BatchNorm too." name="hand_in_whole_base_unfrozen" breaks="fine-tuned as claimed" says="ImageNet's weights any more" slow
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


# %% right "Trains longer in the first stage and shuffles nothing itself." name="hand_in_with_one_network_for_both" slow
def hand_in():
    images, labels, groups = photos.images, photos.labels, objects_of(paths)
    train, held_out = split_by_object(labels, groups, 0)
    model = first_stage(len(photos.class_names))
    model.fit(images[train].astype("float32"), labels[train], epochs=10, batch_size=8, verbose=0)
    model = second_stage(model)
    model.fit(images[train].astype("float32"), labels[train], epochs=2, batch_size=8, verbose=0)
    return {"model": model, "images": images, "labels": labels, "groups": groups, "train": train, "held_out": held_out}
