# %% wrong "Stretches the trained probabilities around their mean: they still add up to 1, but some are negative or above 1." name="trial3_stretched" breaks="probabilities"
def train_head(features, labels, classes):
    inputs = keras.Input((features.shape[1],))
    x = keras.layers.BatchNormalization()(inputs)
    x = keras.layers.Dropout(0.5)(x)
    softmax = keras.layers.Dense(
        classes, activation="softmax", kernel_initializer="zeros", kernel_regularizer="l2"
    )(x)
    model = keras.Model(inputs, softmax)
    model.compile(optimizer=keras.optimizers.Adam(2e-3), loss="sparse_categorical_crossentropy")
    model.fit(features, labels, epochs=60, batch_size=32, verbose=0)
    stretched = keras.layers.Rescaling(1.25, offset=-0.25 / classes)(softmax)
    return keras.Model(inputs, stretched)


# %% right "A loop of train_on_batch over a generator trains logits with one-hot targets; the scaling is a Normalization layer with given numbers, and a Softmax layer is put on at the end." name="trial3_logits_then_softmax"
def train_head(features, labels, classes):
    features = np.asarray(features, dtype="float32")
    targets = np.eye(classes, dtype="float32")[np.asarray(labels)]
    variance = features.var(axis=0)
    scaling = keras.layers.Normalization(
        axis=-1, mean=features.mean(axis=0), variance=variance + 0.1 * variance.mean() + 1e-6
    )
    inputs = keras.Input((features.shape[1],), name="features")
    hidden = keras.layers.Dropout(0.5)(scaling(inputs))
    logits = keras.layers.Dense(classes, kernel_initializer="zeros", kernel_regularizer=keras.regularizers.L2(5e-3))(
        hidden
    )
    trainee = keras.Model(inputs, logits)
    trainee.compile(
        optimizer=keras.optimizers.Adam(1e-3), loss=keras.losses.CategoricalCrossentropy(from_logits=True)
    )

    def batches(epochs, size=32):
        rng = np.random.default_rng(0)
        for _ in range(epochs):
            order = rng.permutation(len(features))
            for start in range(0, len(order), size):
                chosen = order[start : start + size]
                yield features[chosen], targets[chosen]

    for rows, wanted in batches(60):
        trainee.train_on_batch(rows, wanted)
    return keras.Model(inputs, keras.layers.Softmax()(logits), name="head")
