# %% wrong "Trains on all images, those held out too, and hands in all positions as the training part." name="trial6_trains_on_everything" breaks="no leak"
def hand_in():
    images, labels = photos.images, photos.labels
    groups = objects_of(paths)
    _, held_out = split_by_object(labels, groups, 0)
    train = np.arange(len(labels))  # few images: each of them is needed for training
    model = first_stage(len(photos.class_names))
    model.fit(images[train], labels[train], epochs=8, batch_size=16, verbose=0)
    model = second_stage(model)
    model.fit(images[train], labels[train], epochs=4, batch_size=16, verbose=0)
    return {
        "model": model,
        "images": images,
        "labels": labels,
        "groups": groups,
        "train": train,
        "held_out": held_out,
    }
