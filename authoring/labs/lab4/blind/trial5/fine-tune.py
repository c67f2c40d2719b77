# %% wrong "Puts the loss before training in front of the list, which then has one loss more than epochs." name="trial5_loss_before_training_too" breaks="losses"
def fine_tune(model, first, images, labels, epochs):
    base = base_of(model)
    base.trainable = True
    reached = False
    for layer in base.layers:
        reached = reached or layer.name == first
        if not reached:
            layer.trainable = False
    for _, layer in leaf_layers(base):
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
    model.compile(keras.optimizers.Adam(scale.fine_rate), loss=model.loss)
    start = model.evaluate(images, labels, batch_size=scale.batch, verbose=0, return_dict=True)["loss"]
    history = model.fit(images, labels, epochs=epochs, batch_size=scale.batch, verbose=0)
    return model, [start, *history.history["loss"]]


# %% wrong "Trains the first epoch at the full rate of the first stage and goes down to a tenth only after it." name="trial5_first_epoch_at_full_rate" breaks="learning rate"
def fine_tune(model, first, images, labels, epochs):
    base = base_of(model)
    base.trainable = True
    reached = False
    for layer in base.layers:
        reached = reached or layer.name == first
        if not reached:
            layer.trainable = False
    for _, layer in leaf_layers(base):
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
    rate = float(keras.ops.convert_to_numpy(model.optimizer.learning_rate))
    model.compile(keras.optimizers.SGD(rate, momentum=0.9), loss=model.loss)
    slower = keras.callbacks.LearningRateScheduler(lambda epoch, now: rate if epoch == 0 else rate / 20)
    history = model.fit(images, labels, epochs=epochs, batch_size=scale.batch, callbacks=[slower], verbose=0)
    return model, history.history["loss"]


# %% right "Trains batch by batch with train_on_batch in an own order, and reads each epoch's mean loss from the metrics that it resets." name="trial5_batch_by_batch"
def fine_tune(model, first, images, labels, epochs):
    base = base_of(model)
    base.trainable = True
    names = [layer.name for layer in base.layers]
    for layer in base.layers[: names.index(first)]:
        layer.trainable = False
    for _, layer in leaf_layers(base):
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
    model.compile(keras.optimizers.Adam(scale.fine_rate), loss=model.loss)
    rng = np.random.default_rng(0)
    losses = []
    while len(losses) < epochs:
        model.reset_metrics()
        order = rng.permutation(len(images))
        for start in range(0, len(order), scale.batch):
            some = order[start : start + scale.batch]
            now = model.train_on_batch(images[some], labels[some], return_dict=True)
        losses.append(float(now["loss"]))  # the mean since the metrics were reset
    return model, losses
