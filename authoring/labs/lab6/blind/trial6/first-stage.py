# %% wrong "Copies the preprocessing of MobileNetV2, x / 127.5 - 1, in place of (x - 127) / 128." name="trial6_mobilenet_preprocessing" breaks="preprocessing"
def first_stage(class_count):
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3))
    base.trainable = False
    inputs = keras.Input(shape=(96, 96, 3))
    x = keras.layers.Rescaling(1 / 127.5, offset=-1)(inputs)
    x = base(x, training=False)
    x = keras.layers.GlobalAveragePooling2D()(x)
    outputs = keras.layers.Dense(class_count, activation="softmax")(x)
    model = keras.Model(inputs, outputs)
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.001),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


# %% right "Normalization with a fixed mean and variance, an average pooling as large as the map with Flatten, and a Softmax layer." name="trial6_normalization_and_pool"
def first_stage(class_count):
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3))
    base.trainable = False
    inputs = keras.Input(shape=(96, 96, 3))
    scaled = keras.layers.Normalization(mean=[127.0] * 3, variance=[128.0**2] * 3)(inputs)
    maps = base(scaled, training=False)
    height, width = maps.shape[1:3]
    averages = keras.layers.Flatten()(keras.layers.AveragePooling2D(pool_size=(height, width))(maps))
    logits = keras.layers.Dense(class_count)(averages)
    model = keras.Model(inputs, keras.layers.Softmax()(logits))
    model.compile(
        optimizer=keras.optimizers.Nadam(learning_rate=0.002),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=[keras.metrics.SparseCategoricalAccuracy()],
    )
    return model
