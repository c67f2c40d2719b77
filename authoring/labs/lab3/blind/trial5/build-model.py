# %% wrong "Puts the random flip and rotation after the base, on its map of features, so the base sees no new versions." name="trial5_augments_the_features" breaks="augmentation"
def build_model(base, classes):
    """Builds one model from pixels to probabilities, with a frozen base inside."""
    base.trainable = False
    return keras.Sequential(
        [
            keras.Input((96, 96, 3)),
            keras.layers.Rescaling(1 / 127.5, offset=-1),
            base,
            keras.layers.RandomFlip("horizontal"),
            keras.layers.RandomRotation(0.1),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )


# %% wrong "Takes the maximum over the places of a softmax at each place, so the outputs add up to more than one." name="trial5_maximum_of_softmaxes" breaks="probabilities"
def build_model(base, classes):
    """Builds one model from pixels to probabilities, with a frozen base inside."""
    base.trainable = False
    return keras.Sequential(
        [
            keras.Input((96, 96, 3)),
            keras.layers.RandomFlip("horizontal"),
            keras.layers.RandomRotation(0.1),
            keras.layers.RandomZoom(0.1),
            keras.layers.Rescaling(1 / 127.5, offset=-1),
            base,
            keras.layers.Conv2D(classes, 1, activation="softmax"),
            keras.layers.GlobalMaxPooling2D(),
        ]
    )


# %% right "Preprocesses with Normalization, then augments by geometry only, and averages a softmax over all places." name="trial5_mean_of_softmaxes"
def build_model(base, classes):
    """Builds one model from pixels to probabilities, with a frozen base inside."""
    base.trainable = False
    pixels = keras.Input((96, 96, 3))
    tensor = keras.layers.Normalization(mean=[127.5] * 3, variance=[127.5**2] * 3)(pixels)
    tensor = keras.layers.RandomTranslation(0.1, 0.1, fill_mode="nearest")(tensor)
    tensor = keras.layers.RandomRotation(0.05, fill_mode="nearest")(tensor)
    tensor = keras.layers.RandomFlip("horizontal")(tensor)
    tensor = base(tensor, training=False)
    tensor = keras.layers.Conv2D(classes, 1, activation="softmax")(tensor)
    return keras.Model(pixels, keras.layers.GlobalAveragePooling2D()(tensor))
