# %% wrong "Fine-tunes the whole model for one more epoch at a low learning rate and then sets all flags back." name="trial5_fine_tunes_at_the_end" breaks="base weights"
def train(model, images, labels):
    """Trains the head of a model whose base is frozen."""

    def every_layer(outer):
        for layer in outer.layers:
            yield layer
            if isinstance(layer, keras.Model):
                yield from every_layer(layer)

    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    model.optimizer.build(model.trainable_variables)
    model.fit(images, labels, epochs=10, verbose=0)

    flags = [(layer, layer.trainable) for layer in every_layer(model)]
    model.trainable = True
    model.compile(optimizer=keras.optimizers.Adam(1e-5), loss="sparse_categorical_crossentropy")
    model.optimizer.build(model.trainable_variables)
    model.fit(images, labels, epochs=1, verbose=0)
    for layer, flag in flags:
        layer.trainable = flag
    return model


# %% right "Writes the loop over epochs and batches out by hand, with train_on_batch instead of fit." name="trial5_train_on_batch"
def train(model, images, labels):
    """Trains the head of a model whose base is frozen."""
    rng = np.random.default_rng(0)
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    model.optimizer.build(model.trainable_variables)
    for _ in range(12):
        for rows in np.array_split(rng.permutation(len(images)), 5):
            model.train_on_batch(images[rows].astype("float32"), labels[rows])
    return model
