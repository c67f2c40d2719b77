# %% wrong "Instead of a second stage of training it adds a little noise to the last convolutions, which differ then but have not lowered the loss." name="trial3_noise_for_training" breaks="second stage"
def hand_in():
    images, labels = photos.images, photos.labels
    groups = np.asarray(objects_of(paths))
    train, held_out = split_by_object(labels, groups, 0)
    model = first_stage(len(photos.class_names))
    model.fit(images[train], labels[train], epochs=8, batch_size=16, verbose=0)
    model = second_stage(model)
    base = next(layer for layer in model.layers if isinstance(layer, keras.Model))
    noise = np.random.default_rng(0)
    for layer in base.layers:
        if layer.trainable and layer.weights:
            layer.set_weights(
                [(w * (1 + 1e-4 * noise.standard_normal(w.shape))).astype(w.dtype) for w in layer.get_weights()]
            )
    return {
        "model": model,
        "images": images,
        "labels": labels,
        "groups": groups,
        "train": train,
        "held_out": held_out,
    }
