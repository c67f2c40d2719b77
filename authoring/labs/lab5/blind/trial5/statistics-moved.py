# %% right "A callback notes the statistics at the start and the end of training in a set for each layer, and sets with two states are counted." name="trial5_states_noted_by_callback"
def statistics_moved(model, images, labels):
    norms = {
        id(layer): layer
        for _, layer in inspect.leaf_layers(model.get_layer("base"))
        if isinstance(layer, keras.layers.BatchNormalization)
    }
    states = {key: set() for key in norms}

    def note(logs=None):
        for key, layer in norms.items():
            numbers = np.stack([np.array(layer.moving_mean), np.array(layer.moving_variance)])
            states[key].add(tuple(numbers.ravel().tolist()))

    watch = keras.callbacks.LambdaCallback(on_train_begin=note, on_train_end=note)
    model.fit(images, labels, epochs=1, verbose=0, callbacks=[watch])
    return sum(len(seen) > 1 for seen in states.values())
