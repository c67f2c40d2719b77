# %% wrong "It trains as asked, and then reflects every trained weight about its old value, so that all layers have moved uphill." name="trial3_tune_reflected" breaks="unfrozen"
def fine_tune(model, first, images, labels, epochs):
    rate = float(model.optimizer.learning_rate) / 20
    base = base_of(model)
    base.trainable = True
    reached = False
    for layer in base.layers:
        reached = reached or layer.name == first
        layer.trainable = reached and not isinstance(layer, keras.layers.BatchNormalization)
    old = [np.array(keras.ops.convert_to_numpy(variable)) for variable in model.trainable_variables]
    model.compile(keras.optimizers.Adam(rate), loss=model.loss)
    history = model.fit(images, labels, epochs=epochs, batch_size=scale.batch, verbose=0)
    for variable, was in zip(model.trainable_variables, old, strict=True):
        variable.assign(2 * was - keras.ops.convert_to_numpy(variable))
    return model, history.history["loss"]


# %% wrong "The optimizer shows a tenth of the rate before and after, but a callback trains every batch at the full old rate." name="trial3_tune_rate_raised_inside" breaks="learning rate"
def fine_tune(model, first, images, labels, epochs):
    full = float(model.optimizer.learning_rate)
    base = base_of(model)
    base.trainable = True
    reached = False
    for layer in base.layers:
        reached = reached or layer.name == first
        layer.trainable = reached and not isinstance(layer, keras.layers.BatchNormalization)
    model.compile(keras.optimizers.Adam(full / 20), loss=model.loss)

    class Hurry(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            self.model.optimizer.learning_rate = full

        def on_train_batch_end(self, batch, logs=None):
            self.model.optimizer.learning_rate = full / 20

    history = model.fit(images, labels, epochs=epochs, batch_size=scale.batch, callbacks=[Hurry()], verbose=0)
    return model, history.history["loss"]


# %% right "No fit: it shuffles and cuts the batches itself, calls train_on_batch, and averages the losses of the batches of each epoch." name="trial3_tune_on_batches"
def fine_tune(model, first, images, labels, epochs):
    from itertools import dropwhile

    rate = float(keras.ops.convert_to_numpy(model.optimizer.learning_rate)) / 20
    loss = model.loss
    base = base_of(model)
    base.trainable = True
    upper = {layer.name for layer in dropwhile(lambda layer: layer.name != first, base.layers)}
    for layer in base.layers:
        layer.trainable = layer.name in upper and not isinstance(layer, keras.layers.BatchNormalization)
    model.layers[-1].trainable = True
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=rate), loss=loss)
    rng = np.random.default_rng(0)
    labels = np.asarray(labels)
    losses = []
    for _ in range(epochs):
        total = 0.0
        order = rng.permutation(len(labels))
        for rows in np.array_split(order, max(1, round(len(order) / 16))):
            model.reset_metrics()
            logs = model.train_on_batch(images[rows], labels[rows], return_dict=True)
            total += float(logs["loss"]) * len(rows)
        losses.append(total / len(labels))
    return model, losses
