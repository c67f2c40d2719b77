# %% wrong "The images are preprocessed before fit, and the model preprocesses them once more, so the head learns from nearly uniform images." name="trial3_train_twice_prepared" breaks="accuracy"
def train(model, images, labels):
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    model.fit(preprocess("mobilenet_v2", images), labels, epochs=10, batch_size=32, verbose=0)
    return model


# %% wrong "It trains as asked, then returns a copy in which every random layer is an Identity." name="trial3_train_without_augmentation" breaks="whole model"
def train(model, images, labels):
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=10, batch_size=32, verbose=0)

    def plain(layer):
        if type(layer).__name__.startswith("Random") or isinstance(layer, keras.layers.Pipeline):
            return keras.layers.Identity(name=layer.name)
        if isinstance(layer, keras.Sequential):
            return keras.models.clone_model(layer, clone_function=plain)
        return layer

    return keras.models.clone_model(model, clone_function=plain)


# %% right "It feeds a tf.data pipeline that repeats without end, counts the steps, and lowers the rate by a callback." name="trial3_train_tf_data"
def train(model, images, labels):
    import tensorflow as tf

    size, epochs = 19, 12
    steps = -(-len(images) // size)
    rows = tf.data.Dataset.from_tensor_slices((np.asarray(images), np.asarray(labels).astype("int32")))
    rows = rows.shuffle(len(images), seed=3).repeat().batch(size).prefetch(2)
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.01), loss=keras.losses.SparseCategoricalCrossentropy()
    )
    model.fit(
        rows,
        steps_per_epoch=steps,
        epochs=epochs,
        callbacks=[keras.callbacks.LearningRateScheduler(lambda epoch: 0.01 if epoch < 8 else 0.003)],
        verbose=0,
    )
    return model
