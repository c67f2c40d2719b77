# %% wrong "The images go to the base as x / 127.5 - 1, as MobileNetV2 wants them." name="trial3_mobilenet_scale" breaks="preprocessing"
def first_stage(class_count):
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3))
    base.trainable = False
    model = keras.Sequential(
        [
            keras.Input((96, 96, 3)),
            keras.layers.Rescaling(1 / 127.5, offset=-1),
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(class_count, activation="softmax"),
        ]
    )
    model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


# %% wrong "A layer for averages is there, but the largest value of each map has been taken before it, so it averages a single number." name="trial3_average_of_one_maximum" breaks="averaged"
def first_stage(class_count):
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3))
    base.trainable = False
    inputs = keras.Input((96, 96, 3))
    maps = base(keras.layers.Rescaling(1 / 128, offset=-127 / 128)(inputs))
    maps = keras.layers.MaxPooling2D(pool_size=(maps.shape[1], maps.shape[2]))(maps)
    vector = keras.layers.GlobalAveragePooling2D()(maps)
    model = keras.Model(inputs, keras.layers.Dense(class_count, activation="softmax")(vector))
    model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


# %% right "Normalization with given numbers does the preprocessing, AveragePooling2D over the whole map with Flatten the averages, and a Softmax layer stands after a Dense layer of logits." name="trial3_other_layers"
def first_stage(class_count):
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3))
    base.trainable = False
    images = keras.Input((96, 96, 3), dtype="float32")
    scaled = keras.layers.Normalization(axis=None, mean=127.0, variance=128.0**2)(images)
    maps = base(scaled)
    averages = keras.layers.AveragePooling2D(pool_size=tuple(maps.shape[1:3]))(maps)
    vector = keras.layers.Dropout(0.1)(keras.layers.Flatten()(averages))
    logits = keras.layers.Dense(class_count, name="logits")(vector)
    model = keras.Model(images, keras.layers.Softmax(name="probabilities")(logits))
    model.compile(
        optimizer=keras.optimizers.Nadam(learning_rate=2e-3),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=False),
        metrics=[keras.metrics.SparseCategoricalAccuracy()],
    )
    return model
