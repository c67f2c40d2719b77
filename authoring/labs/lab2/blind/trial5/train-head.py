# %% wrong "Takes the labels to begin with 1 and gives one output more than there are classes." name="trial5_one_output_more" breaks="classes"
def train_head(features, labels, classes):
    head = keras.Sequential(
        [
            keras.Input((features.shape[1],)),
            keras.layers.BatchNormalization(momentum=0.9),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(classes + 1, activation="softmax"),  # the largest label is `classes`
        ]
    )
    head.compile(optimizer=keras.optimizers.Adam(2e-3), loss="sparse_categorical_crossentropy")
    head.fit(features, labels, epochs=40, batch_size=32, verbose=0)
    return head


# %% right "Trains a model of logits with a loop of its own and returns a second model with a Softmax layer on top." name="trial5_logits_then_softmax"
def train_head(features, labels, classes):
    features = np.asarray(features, dtype="float32")
    labels = np.asarray(labels, dtype="int32")
    inputs = keras.Input((features.shape[1],))
    x = keras.layers.BatchNormalization(momentum=0.9)(inputs)
    x = keras.layers.Dropout(0.5)(x)
    logits = keras.layers.Dense(classes)(x)
    trainee = keras.Model(inputs, logits)
    trainee.compile(
        optimizer=keras.optimizers.Adam(2e-3),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    rng = np.random.default_rng(0)
    epochs = 40
    while epochs:
        for rows in np.array_split(rng.permutation(len(features)), max(1, len(features) // 32)):
            trainee.train_on_batch(features[rows], labels[rows])
        epochs -= 1
    return keras.Model(inputs, keras.layers.Softmax()(logits))
