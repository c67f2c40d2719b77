# %% wrong "Averages with channels_first, so over width and channels, and the head gets one number per row of the maps." name="trial6_head_channels_first" breaks="averaged"
def head_first(base, augmentation, classes):
    base.trainable = False
    inputs = keras.Input(base.input_shape[1:])
    x = augmentation(inputs)
    x = base(x)
    x = keras.layers.GlobalAveragePooling2D(data_format="channels_first")(x)
    outputs = keras.layers.Dense(classes, activation="softmax", name="head", dtype="float32")(x)
    model = keras.Model(inputs, outputs)
    model.compile(keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


# %% wrong "Sets the whole model trainable before compiling, so that the head can learn, which thaws the base inside it again." name="trial6_head_whole_model_trainable" breaks="frozen base"
def head_first(base, augmentation, classes):
    base.trainable = False
    inputs = keras.Input(base.input_shape[1:])
    x = augmentation(inputs)
    x = base(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    x = keras.layers.Dropout(0.2)(x)
    outputs = keras.layers.Dense(classes, activation="softmax", name="head", dtype="float32")(x)
    model = keras.Model(inputs, outputs)
    model.trainable = True
    model.compile(keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy")
    return model


# %% right "A Sequential with scores and a loss from logits, averaged by one pooling window as large as the maps, frozen layer by layer." name="trial6_head_window_scores"
def head_first(base, augmentation, classes):
    for layer in base.layers:
        layer.trainable = False
    height, width = base.output_shape[1:3]
    model = keras.Sequential(
        [
            keras.Input(base.input_shape[1:]),
            augmentation,
            base,
            keras.layers.AveragePooling2D(pool_size=(height, width)),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.1),
            keras.layers.Dense(classes, name="head", dtype="float32"),
        ]
    )
    model.compile(
        optimizer=keras.optimizers.Nadam(learning_rate=2e-3),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    return model
