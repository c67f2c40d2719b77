# %% wrong "After the head it fine-tunes the whole model for an epoch and freezes the base again, so the base has moved." name="trial6_short_fine_tuning" breaks="base weights"
def train(model, images, labels):
    """Trains the head of a model whose base is frozen."""
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=10, verbose=0)
    # Fine-tuning: everything trainable, with a small learning rate.
    model.trainable = True
    model.compile(optimizer=keras.optimizers.Adam(1e-5), loss="sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=1, verbose=0)
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            layer.trainable = False
    return model


# %% right "It draws its own batches for train_on_batch and trains on one-hot labels." name="trial6_own_batches_one_hot"
def train(model, images, labels):
    """Trains the head of a model whose base is frozen."""
    pixels = np.asarray(images, dtype="float32")
    targets = np.eye(model.output_shape[-1], dtype="float32")[np.asarray(labels)]
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="categorical_crossentropy")
    model.optimizer.build(model.trainable_variables)
    rng = np.random.default_rng(3)
    batches = max(1, round(len(pixels) / 32))
    for _ in range(12):
        for rows in np.array_split(rng.permutation(len(pixels)), batches):
            model.train_on_batch(pixels[rows], targets[rows])
    return model
