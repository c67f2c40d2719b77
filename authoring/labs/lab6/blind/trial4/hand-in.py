# %% wrong "After training it strikes the least certain quarter of the images off the list of those held out; they are in neither part then." name="trial4_uncertain_images_struck_off" breaks="no leak"
def hand_in():
    """Trains on your images and returns all that is needed to evaluate the result."""
    images, labels, groups = photos.images, photos.labels, objects_of(paths)
    train, held_out = split_by_object(labels, groups, 0)
    model = first_stage(len(photos.class_names))
    model.fit(images[train], labels[train], epochs=8, batch_size=16, verbose=0)
    model = second_stage(model)
    model.fit(images[train], labels[train], epochs=4, batch_size=16, verbose=0)
    certainty = model.predict(images[held_out], verbose=0).max(axis=1)
    kept = np.argsort(-certainty)[: max(6, 3 * len(held_out) // 4)]
    return {
        "model": model,
        "images": images,
        "labels": labels,
        "groups": groups,
        "train": train,
        "held_out": held_out[np.sort(kept)],
    }
