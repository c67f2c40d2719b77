# %% wrong "Pools with AveragePooling2D at its default size, so only four of the nine places of each map are averaged." name="trial5_pool_of_two_on_maps_of_three" breaks="averaged"
def first_stage(class_count):
    """Builds and compiles the model of the first stage."""
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3))
    base.trainable = False
    inputs = keras.Input((96, 96, 3))
    x = keras.layers.Rescaling(1 / 128, offset=-127 / 128)(inputs)
    x = base(x, training=False)
    x = keras.layers.AveragePooling2D()(x)
    x = keras.layers.Flatten()(x)
    outputs = keras.layers.Dense(class_count, activation="softmax")(x)
    model = keras.Model(inputs, outputs)
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


# %% wrong "Works on a clone of the base, which has the same layers but new random weights." name="trial5_clone_of_the_base" breaks="pretrained weights"
def first_stage(class_count):
    """Builds and compiles the model of the first stage."""
    loaded = load_base("efficientnet_lite0", input_shape=(96, 96, 3))
    base = keras.models.clone_model(loaded)  # a copy of my own, so that the loaded base stays as it is
    base.trainable = False
    inputs = keras.Input((96, 96, 3))
    x = keras.layers.Rescaling(1 / 128, offset=-127 / 128)(inputs)
    x = base(x, training=False)
    x = keras.layers.GlobalAveragePooling2D()(x)
    x = keras.layers.Dropout(0.2)(x)
    outputs = keras.layers.Dense(class_count, activation="softmax")(x)
    model = keras.Model(inputs, outputs)
    model.compile(
        optimizer=keras.optimizers.Adam(0.001), loss="sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return model


# %% right "A Sequential model with Normalization, AveragePooling2D over whole maps and Softmax as a layer; freezes layer by layer." name="trial5_sequential_with_normalization"
def first_stage(class_count):
    """Builds and compiles the model of the first stage."""
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3))
    for layer in base.layers:
        layer.trainable = False
    height, width = base.output_shape[1:3]
    model = keras.Sequential(
        [
            keras.Input((96, 96, 3)),
            keras.layers.Normalization(mean=[127.0] * 3, variance=[128.0**2] * 3),
            base,
            keras.layers.AveragePooling2D(pool_size=(height, width)),
            keras.layers.Flatten(),
            keras.layers.Dense(class_count),
            keras.layers.Softmax(),
        ]
    )
    model.compile(
        optimizer=keras.optimizers.RMSprop(0.001),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=[keras.metrics.SparseCategoricalAccuracy()],
    )
    return model
