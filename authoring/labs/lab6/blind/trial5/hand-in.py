# %% wrong "Takes one object of each class out of training for validation, and returns these images in neither part." name="trial5_validation_in_neither_part" breaks="no leak"
def hand_in():
    """Trains on your images and returns all that is needed to evaluate the result."""
    images, labels = photos.images, photos.labels
    groups = np.asarray(objects_of(paths))
    rest, held_out = split_by_object(labels, groups, 0)
    watched = [groups[rest][labels[rest] == label][0] for label in np.unique(labels)]
    watching = np.isin(groups[rest], watched)
    validation, train = rest[watching], rest[~watching]
    watch = (images[validation], labels[validation])

    model = first_stage(len(photos.class_names))
    model.fit(images[train], labels[train], validation_data=watch, epochs=8, batch_size=16, verbose=0)
    model = second_stage(model)
    model.fit(images[train], labels[train], validation_data=watch, epochs=6, batch_size=16, verbose=0)
    return {
        "model": model,
        "images": images,
        "labels": labels,
        "groups": groups,
        "train": train,
        "held_out": held_out,
    }
