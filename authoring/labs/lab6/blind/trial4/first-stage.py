# %% wrong "Scales the images as for MobileNetV2, x / 127.5 - 1, which is nearly the same." name="trial4_scaled_as_for_mobilenet" breaks="preprocessing"
def first_stage(class_count):
    """Builds and compiles the model of the first stage."""
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3))
    base.trainable = False
    images = keras.Input((96, 96, 3))
    maps = base(keras.layers.Rescaling(1 / 127.5, offset=-1)(images))
    vector = keras.layers.GlobalAveragePooling2D()(maps)
    model = keras.Model(images, keras.layers.Dense(class_count, activation="softmax")(vector))
    model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% wrong "Scales each vector of averages to length 1 before the head, so the head receives something else than the averages." name="trial4_averages_of_length_one" breaks="averaged"
def first_stage(class_count):
    """Builds and compiles the model of the first stage."""
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3))
    base.trainable = False
    model = keras.Sequential(
        [
            keras.Input((96, 96, 3)),
            keras.layers.Rescaling(1 / 128, offset=-127 / 128),
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.UnitNormalization(),
            keras.layers.Dense(class_count, activation="softmax"),
        ]
    )
    model.compile(keras.optimizers.Adam(1e-2), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% right "Normalization with a given mean and variance, an AveragePooling2D as large as the map, and a softmax in a layer of its own." name="trial4_normalization_and_one_window"
def first_stage(class_count):
    """Builds and compiles the model of the first stage."""
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3))
    base.trainable = False
    images = keras.Input((96, 96, 3))
    scaled = keras.layers.Normalization(axis=None, mean=127.0, variance=128.0**2)(images)
    maps = base(scaled)
    window = keras.layers.AveragePooling2D(pool_size=base.output_shape[1:3])(maps)
    vector = keras.layers.Dropout(0.2)(keras.layers.Flatten()(window))
    scores = keras.layers.Dense(class_count, name="scores")(vector)
    model = keras.Model(images, keras.layers.Softmax(name="probabilities")(scores))
    model.compile(
        optimizer=keras.optimizers.Nadam(2e-3),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=[keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
    )
    return model
