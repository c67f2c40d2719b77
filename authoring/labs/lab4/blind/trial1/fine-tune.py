# %% wrong "The images are shuffled and the labels are not, so the network is trained on labels of other images." name="trial1_shuffles_images_alone" breaks="unfrozen"
def fine_tune(model, first, images, labels, epochs):
    """Trains the top of the base and the head together, at a low learning rate."""
    base = base_of(model)
    base.trainable = True
    reached = False
    for layer in base.layers:
        reached = reached or layer.name == first
        layer.trainable = reached and not isinstance(layer, keras.layers.BatchNormalization)
    model.compile(keras.optimizers.Adam(scale.fine_rate), loss="sparse_categorical_crossentropy")
    order = np.random.default_rng(0).permutation(len(images))
    history = model.fit(images[order], labels, epochs=epochs, batch_size=scale.batch, verbose=0)
    return model, history.history["loss"]


# %% wrong "The learning rate begins at a hundredth and ends at nothing, but in between it climbs to the whole rate of the first stage." name="trial1_climbs_in_between" breaks="learning rate"
def fine_tune(model, first, images, labels, epochs):
    """Trains the top of the base and the head together, at a low learning rate."""
    base = base_of(model)
    base.trainable = True
    reached = False
    for layer in base.layers:
        reached = reached or layer.name == first
        layer.trainable = reached and not isinstance(layer, keras.layers.BatchNormalization)
    rate = float(keras.ops.convert_to_numpy(model.optimizer.learning_rate))
    steps = -(-len(images) // 8) * epochs
    climb = max(1, steps // 3)
    schedule = keras.optimizers.schedules.CosineDecay(
        rate / 100, decay_steps=max(1, steps - climb), warmup_target=rate, warmup_steps=climb
    )
    model.compile(keras.optimizers.Adam(schedule), loss="sparse_categorical_crossentropy")
    history = model.fit(images, labels, epochs=epochs, batch_size=8, verbose=0)
    return model, history.history["loss"]


# %% right "No fit: a loop of train_on_batch over shuffled batches, with the running mean of the loss read at the end of each epoch and the rate derived from the model's own." name="trial1_batch_by_batch"
def fine_tune(model, first, images, labels, epochs):
    """Trains the top of the base and the head together, at a low learning rate."""
    base = base_of(model)
    names = [layer.name for layer in base.layers]
    base.trainable = True
    for layer in base.layers[: names.index(first)]:
        layer.trainable = False
    for layer in base.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
    rate = float(keras.ops.convert_to_numpy(model.optimizer.learning_rate)) / 20
    model.compile(optimizer=keras.optimizers.Adam(rate), loss=model.loss)
    rng = np.random.default_rng(1)
    losses = []
    for _ in range(epochs):
        model.reset_metrics()
        order = rng.permutation(len(images))
        for begin in range(0, len(order), 32):
            batch = order[begin : begin + 32]
            mean_so_far = model.train_on_batch(images[batch], labels[batch])
        losses.append(float(np.ravel(mean_so_far)[0]))
    return model, losses
