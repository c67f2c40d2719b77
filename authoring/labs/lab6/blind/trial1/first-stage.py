# %% wrong "AveragePooling2D(2) and Flatten: of the nine places of each map only the four at the upper left are averaged." name="trial1_average_of_a_corner" breaks="averaged"
def first_stage(class_count):
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3))
    base.trainable = False
    model = keras.Sequential(
        [
            keras.Input((96, 96, 3)),
            keras.layers.Rescaling(1 / 128, offset=-127 / 128),
            base,
            keras.layers.AveragePooling2D(2),
            keras.layers.Flatten(),
            keras.layers.Dense(class_count, activation="softmax"),
        ]
    )
    model.compile(keras.optimizers.Adam(1e-2), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% wrong "Loads ImageNet's weights and then changes each of them by about one per cent." name="trial1_weights_with_noise" breaks="pretrained weights"
def first_stage(class_count):
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3))
    rng = np.random.default_rng(0)
    base.set_weights([w * (1 + 0.01 * rng.uniform(-1, 1, w.shape)).astype(w.dtype) for w in base.get_weights()])
    base.trainable = False
    model = keras.Sequential(
        [
            keras.Input((96, 96, 3)),
            keras.layers.Rescaling(1 / 128, offset=-127 / 128),
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(class_count, activation="softmax"),
        ]
    )
    model.compile(keras.optimizers.Adam(1e-2), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% right "A functional model with arithmetic on tensors for the preprocessing, ops.mean for the average, and a Softmax layer after a linear Dense." name="trial1_ops_in_place_of_layers"
def first_stage(class_count):
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3))
    for layer in base.layers:
        layer.trainable = False
    base.trainable = False
    images = keras.Input(shape=(96, 96, 3), name="photographs")
    maps = base((images - 127.0) / 128.0)
    vector = keras.ops.mean(maps, axis=(1, 2))
    logits = keras.layers.Dense(class_count, kernel_initializer="he_normal", name="head")(vector)
    model = keras.Model(images, keras.layers.Softmax(name="answers")(logits))
    model.compile(
        optimizer=keras.optimizers.Nadam(learning_rate=5e-3),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=False),
        metrics=[keras.metrics.SparseCategoricalAccuracy()],
    )
    return model
