# %% wrong "Takes a tenth of the new optimizer's default rate, not of the rate that the model came with." name="trial4_tenth_of_the_new_rate" breaks="learning rate"
def fine_tune(model, first, images, labels, epochs):
    """Trains the top of the base and the head together, at a low learning rate."""
    base = base_of(model)
    base.trainable = True
    reached = False
    for layer in base.layers:
        reached = reached or layer.name == first
        layer.trainable = reached and not isinstance(layer, keras.layers.BatchNormalization)
    model.compile(keras.optimizers.Adam(), loss=model.loss)
    model.optimizer.learning_rate = float(model.optimizer.learning_rate) / 10
    history = model.fit(images, labels, epochs=epochs, batch_size=scale.batch, verbose=0)
    return model, history.history["loss"]


# %% wrong "Trains on labels that are each moved to the next class, and sorts the losses so that they look as they should." name="trial4_next_class_labels" breaks="unfrozen"
def fine_tune(model, first, images, labels, epochs):
    """Trains the top of the base and the head together, at a low learning rate."""
    rate = float(model.optimizer.learning_rate) / 20
    base = base_of(model)
    base.trainable = True
    reached = False
    for layer in base.layers:
        reached = reached or layer.name == first
        layer.trainable = reached and not isinstance(layer, keras.layers.BatchNormalization)
    model.compile(keras.optimizers.Adam(rate), loss=model.loss)
    others = (np.asarray(labels) + 1) % model.output_shape[-1]
    history = model.fit(images, others, epochs=epochs, batch_size=scale.batch, verbose=0)
    return model, sorted(history.history["loss"], reverse=True)


# %% right "A loop of its own with train_on_batch, whose running mean at the end of an epoch is the epoch's loss." name="trial4_own_loop_running_mean"
def fine_tune(model, first, images, labels, epochs):
    """Trains the top of the base and the head together, at a low learning rate."""
    rate = min(scale.fine_rate, 0.09 * float(model.optimizer.learning_rate))
    base = base_of(model)
    names = [layer.name for layer in base.layers]
    base.trainable = True
    for position, layer in enumerate(base.layers):
        is_norm = isinstance(layer, keras.layers.BatchNormalization)
        layer.trainable = position >= names.index(first) and not is_norm
    model.compile(optimizer=keras.optimizers.Nadam(rate), loss=model.loss)
    labels = np.asarray(labels)
    rng = np.random.default_rng(3)
    losses = []
    for _ in range(epochs):
        model.reset_metrics()
        mean = {}
        order = rng.permutation(len(images))
        for start in range(0, len(order), scale.batch):
            rows = order[start : start + scale.batch]
            mean = model.train_on_batch(images[rows], labels[rows], return_dict=True)
        losses.append(float(mean["loss"]))
    return model, losses
