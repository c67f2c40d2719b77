# %% wrong "The random layers feed a side branch to the head, so the model's training passes differ, but the base always receives the images as they are." name="trial4_augmented_side_branch" breaks="augmented"
def with_augmentation(base, classes):
    """Builds a model that augments while it trains."""
    images = keras.Input(base.input_shape[1:])
    turned = keras.layers.RandomFlip("horizontal")(images)
    turned = keras.layers.RandomRotation(0.1)(turned)
    turned = keras.layers.RandomZoom(0.2)(turned)
    vector = keras.layers.GlobalAveragePooling2D()(base(images))
    colours = keras.layers.GlobalAveragePooling2D()(turned)
    both = keras.layers.Concatenate()([vector, colours])
    return keras.Model(images, keras.layers.Dense(classes, activation="softmax")(both))

# %% right "A functional model with the random layers in a model of their own, shifts first, and the maximum as pooling." name="trial4_nested_shifts_and_maximum"
def with_augmentation(base, classes):
    """Builds a model that augments while it trains."""
    shape = base.input_shape[1:]
    before = keras.Input(shape)
    after = keras.layers.RandomTranslation(0.15, 0.15, fill_mode="nearest")(before)
    after = keras.layers.RandomRotation(0.05, fill_mode="nearest")(after)
    after = keras.layers.RandomFlip("horizontal")(after)
    shake = keras.Model(before, after, name="shake")

    images = keras.Input(shape)
    vector = keras.layers.GlobalMaxPooling2D()(base(shake(images)))
    return keras.Model(images, keras.layers.Dense(classes, activation="softmax")(vector))
