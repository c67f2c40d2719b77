# %% wrong "It normalises sigmoids to a vector of length one, so the outputs do not sum to one." name="trial6_unit_length" breaks="probabilities"
def build_model(base, classes):
    """Builds one model from pixels to probabilities, with a frozen base inside."""
    base.trainable = False
    return keras.Sequential(
        [
            keras.Input((96, 96, 3)),
            keras.layers.RandomFlip("horizontal"),
            keras.layers.RandomRotation(0.08),
            keras.layers.Rescaling(1 / 127.5, offset=-1.0),
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(classes, activation="sigmoid"),
            keras.layers.UnitNormalization(),
        ]
    )


# %% wrong "It freezes the finished model in place of the base, so the head cannot learn either." name="trial6_whole_model_frozen" breaks="trainable head"
def build_model(base, classes):
    """Builds one model from pixels to probabilities, with a frozen base inside."""
    images = keras.Input((96, 96, 3))
    tensor = keras.layers.RandomFlip("horizontal")(images)
    tensor = keras.layers.RandomZoom(0.15)(tensor)
    tensor = keras.layers.Rescaling(1 / 127.5, offset=-1.0)(tensor)
    tensor = base(tensor)
    tensor = keras.layers.Flatten()(tensor)
    model = keras.Model(images, keras.layers.Dense(classes, activation="softmax")(tensor))
    model.trainable = False
    return model


# %% right "Normalization does the preprocessing, and the head classifies each cell of the map before it averages." name="trial6_average_of_cells"
def build_model(base, classes):
    """Builds one model from pixels to probabilities, with a frozen base inside."""
    base.trainable = False
    steps = [
        keras.layers.RandomTranslation(0.1, 0.1),
        keras.layers.RandomZoom(0.1),
        keras.layers.RandomFlip("horizontal"),
        # (x - 127.5) / 127.5, for each of the three colours
        keras.layers.Normalization(mean=[127.5] * 3, variance=[127.5**2] * 3),
        base,
        # A softmax in each of the 6 x 6 cells; the mean of probabilities sums to one again.
        keras.layers.Conv2D(classes, 1, activation="softmax"),
        keras.layers.GlobalAveragePooling2D(),
    ]
    images = keras.Input((96, 96, 3))
    tensor = images
    for step in steps:
        tensor = step(tensor)
    return keras.Model(images, tensor)
