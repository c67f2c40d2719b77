# %% wrong "Keeps every BatchNorm layer of the base frozen in the second stage, as the usual recipe for fine-tuning does, so these layers do not move." name="trial6_batchnorm_kept_frozen" breaks="base trained"
def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    """Trains a head, then the whole network."""
    base = model.get_layer("base")
    model.compile(keras.optimizers.Adam(1e-2), "sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=head_epochs, verbose=0)
    if all_epochs > 0:
        base.trainable = True
        for layer in base.layers:
            if isinstance(layer, keras.layers.BatchNormalization):
                layer.trainable = False
        model.compile(keras.optimizers.Adam(1e-4), "sparse_categorical_crossentropy")
        model.fit(images, labels, epochs=all_epochs, verbose=0)
    return model


# %% right "One loop over both stages, one-hot labels with CategoricalCrossentropy, Nadam, and a fit call of its own for every epoch." name="trial6_stage_loop_one_hot"
def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    """Trains a head, then the whole network."""
    one_hot = keras.utils.to_categorical(labels, model.output_shape[-1])
    for base_learns, rate, epochs in ((False, 1e-2, head_epochs), (True, 1e-4, all_epochs)):
        if epochs == 0:
            continue
        model.get_layer("base").trainable = base_learns
        model.compile(optimizer=keras.optimizers.Nadam(rate), loss=keras.losses.CategoricalCrossentropy())
        for _ in range(epochs):
            model.fit(images, one_hot, verbose=0)
    return model
