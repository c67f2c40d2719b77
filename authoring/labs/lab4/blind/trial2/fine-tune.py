# %% wrong "Unfreezes all layers from the first on, BatchNorm among them." name="trial2_tune_bn_unfrozen" breaks="BatchNorm"
def fine_tune(model, first, images, labels, epochs):
    rate = float(keras.ops.convert_to_numpy(model.optimizer.learning_rate))
    base = base_of(model)
    base.trainable = True
    reached = False
    for layer in base.layers:
        reached = reached or layer.name == first
        layer.trainable = reached
    model.compile(keras.optimizers.Adam(rate / 20), loss=model.loss)
    history = model.fit(images, labels, epochs=epochs, batch_size=scale.batch, verbose=0)
    return model, history.history["loss"]

# %% wrong "Compiles with a small rate, trains every epoch with the full old one, and writes the small one back afterwards." name="trial2_tune_rate_up_while_training" breaks="learning rate"
def fine_tune(model, first, images, labels, epochs):
    rate = float(keras.ops.convert_to_numpy(model.optimizer.learning_rate))
    base = base_of(model)
    base.trainable = True
    reached = False
    for layer in base.layers:
        reached = reached or layer.name == first
        layer.trainable = reached and not isinstance(layer, keras.layers.BatchNormalization)
    model.compile(keras.optimizers.Adam(rate / 20), loss=model.loss)
    faster = keras.callbacks.LearningRateScheduler(lambda epoch, now: rate)
    history = model.fit(images, labels, epochs=epochs, batch_size=scale.batch, callbacks=[faster], verbose=0)
    model.optimizer.learning_rate = rate / 20
    return model, history.history["loss"]

# %% right "Trains batch by batch with train_on_batch in an order of its own, with Nadam." name="trial2_tune_train_on_batch_nadam"
def fine_tune(model, first, images, labels, epochs):
    rate = float(keras.ops.convert_to_numpy(model.optimizer.learning_rate)) / 12
    base = base_of(model)
    base.trainable = True
    position = [layer.name for layer in base.layers].index(first)
    for layer in base.layers[:position]:
        layer.trainable = False
    for _, layer in leaf_layers(base):
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
    model.compile(optimizer=keras.optimizers.Nadam(rate), loss=model.loss)

    images, labels = np.asarray(images), np.asarray(labels)
    shuffler = np.random.default_rng()
    losses = []
    for _ in range(epochs):
        model.reset_metrics()
        order = shuffler.permutation(len(images))
        total = 0.0
        for start in range(0, len(order), scale.batch):
            some = order[start : start + scale.batch]
            total = model.train_on_batch(images[some], labels[some], return_dict=True)["loss"]
        losses.append(float(total))  # Keras keeps the running mean of the epoch
    return model, losses
