# %% wrong "Changes the brightness after the preprocessing, so in training the values are cut to 0 and more and reach up to 52." name="trial4_brightness_too_late" breaks="augmentation"
def build_model(base, classes):
    """Builds one model from pixels to probabilities, with a frozen base inside."""
    base.trainable = False
    return keras.Sequential(
        [
            keras.Input((96, 96, 3)),
            keras.layers.Rescaling(1 / 127.5, offset=-1),
            keras.layers.RandomFlip("horizontal"),
            keras.layers.RandomRotation(0.05),
            keras.layers.RandomBrightness(0.2),
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )


# %% wrong "The head has a hidden layer that starts from zeros under a ReLU, so no kernel of the head can ever move." name="trial4_head_that_cannot_start" breaks="trainable head"
def build_model(base, classes):
    """Builds one model from pixels to probabilities, with a frozen base inside."""
    base.trainable = False
    return keras.Sequential(
        [
            keras.Input((96, 96, 3)),
            keras.layers.RandomFlip("horizontal"),
            keras.layers.RandomRotation(0.05),
            keras.layers.Rescaling(1 / 127.5, offset=-1),
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(64, activation="relu", kernel_initializer="zeros"),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )


# %% right "Functional, with Normalization for the preprocessing, augmentation in a nested model, two poolings side by side, and a layer Softmax." name="trial4_normalization_two_poolings"
def build_model(base, classes):
    """Builds one model from pixels to probabilities, with a frozen base inside."""
    for layer in base.layers:
        layer.trainable = False
    base.trainable = False
    augment = keras.Sequential(
        [
            keras.Input((96, 96, 3)),
            keras.layers.RandomContrast(0.2),
            keras.layers.RandomTranslation(0.08, 0.08, fill_mode="nearest"),
            keras.layers.RandomZoom(0.15, fill_mode="nearest"),
            keras.layers.RandomFlip("horizontal"),
        ],
        name="augment",
    )
    pixels = keras.Input((96, 96, 3), name="pixels")
    changed = augment(pixels)
    prepared = keras.layers.Normalization(axis=None, mean=127.5, variance=127.5**2)(changed)
    maps = base(prepared, training=False)
    mean = keras.layers.GlobalAveragePooling2D()(maps)
    largest = keras.layers.GlobalMaxPooling2D()(maps)
    vector = keras.layers.Dropout(0.2)(keras.layers.Concatenate()([mean, largest]))
    scores = keras.layers.Dense(classes)(vector)
    return keras.Model(pixels, keras.layers.Softmax()(scores))
