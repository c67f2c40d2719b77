# %% wrong "Freezes the head, because it is trained already, and trains the top of the base alone." name="trial6_tune_head_frozen" breaks="unfrozen"
def fine_tune(model, first, images, labels, epochs):
    rate = float(keras.ops.convert_to_numpy(model.optimizer.learning_rate))
    base = base_of(model)
    base.trainable = True
    reached = False
    for layer in base.layers:
        reached = reached or layer.name == first
        layer.trainable = reached and not isinstance(layer, keras.layers.BatchNormalization)
    model.layers[-1].trainable = False  # the head has had its training in stage one
    model.compile(keras.optimizers.Adam(rate / 20), loss=model.loss)
    history = model.fit(images, labels, epochs=epochs, batch_size=32, verbose=0)
    return model, history.history["loss"]


# %% wrong "Starts at the rate of stage one and only decays to a twentieth of it by the last step." name="trial6_tune_decay_from_old_rate" breaks="learning rate"
def fine_tune(model, first, images, labels, epochs):
    rate = float(keras.ops.convert_to_numpy(model.optimizer.learning_rate))
    base = base_of(model)
    base.trainable = True
    reached = False
    for layer in base.layers:
        reached = reached or layer.name == first
        layer.trainable = reached and not isinstance(layer, keras.layers.BatchNormalization)
    batch = 32
    steps = epochs * int(np.ceil(len(images) / batch))
    schedule = keras.optimizers.schedules.PolynomialDecay(
        initial_learning_rate=rate, decay_steps=steps, end_learning_rate=rate / 20
    )
    model.compile(keras.optimizers.Adam(schedule), loss=model.loss)
    history = model.fit(images, labels, epochs=epochs, batch_size=batch, verbose=0)
    return model, history.history["loss"]


# %% right "Goes through the base backwards, and calls fit once for each epoch with one optimizer, Adamax." name="trial6_tune_backwards_epoch_loop"
def fine_tune(model, first, images, labels, epochs):
    old_rate = float(keras.ops.convert_to_numpy(model.optimizer.learning_rate))
    base = base_of(model)
    base.trainable = True
    above = True
    for layer in reversed(base.layers):
        layer.trainable = above
        if layer.name == first:
            above = False
    for _, layer in leaf_layers(base):
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
    model.compile(optimizer=keras.optimizers.Adamax(learning_rate=old_rate / 16), loss=model.loss)
    losses = []
    for epoch in range(epochs):
        history = model.fit(images, labels, initial_epoch=epoch, epochs=epoch + 1, batch_size=16, verbose=0)
        losses.extend(float(loss) for loss in history.history["loss"])
    return model, losses
