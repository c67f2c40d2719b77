# %% wrong "The second stage trains nothing: the end of the base is multiplied by 1.000001, so that its weights differ from ImageNet's, but the loss is not lowered." name="trial2_hand_in_touched_not_trained" breaks="second stage"
def hand_in():
    groups = np.asarray(objects_of(paths))
    train, held_out = split_by_object(photos.labels, groups, 0)
    model = first_stage(len(photos.class_names))
    model.fit(photos.images[train], photos.labels[train], epochs=8, batch_size=16, verbose=0)
    model = second_stage(model)
    base = next(layer for layer in model.layers if isinstance(layer, keras.Model))
    start = base.layers.index(base.get_layer("block7a_expand"))
    for layer in base.layers[start:]:
        if layer.weights and not isinstance(layer, keras.layers.BatchNormalization):
            layer.set_weights([weight * np.float32(1.000001) for weight in layer.get_weights()])
    return {
        "model": model,
        "images": photos.images,
        "labels": photos.labels,
        "groups": groups,
        "train": train,
        "held_out": held_out,
    }
