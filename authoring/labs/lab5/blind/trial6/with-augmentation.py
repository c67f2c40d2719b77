# %% wrong "Brings the preprocessed images back to 0 to 255 for the augmentation and never undoes it, so the base gets rescaled images outside training too." name="trial6_rescaled_and_left_so" breaks="training only"
def with_augmentation(base, classes):
    """Builds a model that augments while it trains."""
    return keras.Sequential(
        [
            keras.Input(base.input_shape[1:]),
            keras.layers.Rescaling(127.5, offset=127.5),
            keras.layers.RandomFlip("horizontal"),
            keras.layers.RandomRotation(0.1),
            keras.layers.RandomZoom(0.2),
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )


# %% right "A functional model whose only augmentation is shifts, filled up with the nearest pixels, and that pools by the maximum." name="trial6_functional_shifts_max"
def with_augmentation(base, classes):
    """Builds a model that augments while it trains."""
    images = keras.Input(base.input_shape[1:])
    shifted = keras.layers.RandomTranslation(0.2, 0.2, fill_mode="nearest")(images)
    vector = keras.layers.GlobalMaxPooling2D()(base(shifted))
    return keras.Model(images, keras.layers.Dense(classes, activation="softmax")(vector))
