# %% wrong "The rotation has the factor 0, and all that changes in training is noise." name="trial3_build_noise_only" breaks="augmentation"
def build_model(base, classes):
    base.trainable = False
    return keras.Sequential(
        [
            keras.Input((96, 96, 3)),
            keras.layers.RandomRotation(0.0, fill_mode="nearest"),
            keras.layers.RandomZoom(0.0, fill_mode="nearest"),
            keras.layers.Rescaling(1 / 127.5),
            keras.layers.GaussianNoise(0.1),
            keras.layers.ReLU(max_value=2.0),
            keras.layers.Rescaling(1.0, offset=-1.0),
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )


# %% wrong "The base is frozen as a whole and lists no trainable weight, but its last BatchNorm is switched on again, so its statistics move in training." name="trial3_build_live_norm" breaks="frozen base"
def build_model(base, classes):
    base.trainable = False
    norms = [layer for layer in base.layers if isinstance(layer, keras.layers.BatchNormalization)]
    norms[-1].trainable = True
    for variable in (norms[-1].gamma, norms[-1].beta):
        variable.trainable = False
    inputs = keras.Input((96, 96, 3))
    x = keras.layers.RandomFlip("horizontal")(inputs)
    x = keras.layers.RandomRotation(0.08, fill_mode="nearest")(x)
    x = keras.layers.RandomZoom(0.15, fill_mode="nearest")(x)
    x = keras.layers.Rescaling(1 / 127.5, offset=-1)(x)
    x = base(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, keras.layers.Dense(classes, activation="softmax")(x))


# %% right "A Pipeline augments, a Normalization with given mean and variance preprocesses, and a convolution as large as the map is the head, with a Softmax layer at the end." name="trial3_build_pipeline_conv"
def build_model(base, classes):
    layers = keras.layers
    base.trainable = False
    for layer in base.layers:
        layer.trainable = False
    inputs = keras.Input((96, 96, 3), name="pixels")
    x = layers.Pipeline(
        [
            layers.RandomFlip("horizontal"),
            layers.RandomTranslation(0.08, 0.08, fill_mode="reflect"),
            layers.RandomRotation(0.05, fill_mode="reflect"),
        ]
    )(inputs)
    x = layers.Normalization(axis=-1, mean=[127.5] * 3, variance=[127.5**2] * 3)(x)
    x = base(x)
    x = layers.SpatialDropout2D(0.2)(x)
    x = layers.AveragePooling2D(2)(x)
    x = layers.Conv2D(classes, x.shape[1:3], padding="valid")(x)
    x = layers.Reshape((classes,))(x)
    return keras.Model(inputs, layers.Softmax()(x), name="pixels_to_probabilities")
