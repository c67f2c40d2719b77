# %% wrong "Trains the first stage only; instead of the second one it adds a little noise to the convolutions at the end of the base." name="trial1_noise_for_training" breaks="second stage"
def hand_in():
    images, labels, groups = photos.images, photos.labels, objects_of(paths)
    train, held_out = split_by_object(labels, groups, 0)
    model = first_stage(len(photos.class_names))
    model.fit(images[train], labels[train], epochs=8, batch_size=16, verbose=0)
    model = second_stage(model)
    base = next(layer for layer in model.layers if isinstance(layer, keras.Model))
    rng = np.random.default_rng(0)
    for layer in base.layers:
        for weight in layer.trainable_weights:
            old = np.array(weight)
            weight.assign(old + 1e-3 * old.std() * rng.standard_normal(old.shape).astype(old.dtype))
    return {
        "model": model,
        "images": images,
        "labels": labels,
        "groups": groups,
        "train": train,
        "held_out": held_out,
    }
