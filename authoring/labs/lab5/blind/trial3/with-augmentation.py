# %% wrong "The augmented images go past the base straight to the head, so that training passes differ, but the base always receives the images as they are." name="trial3_augmented_side_road" breaks="augmented"
def with_augmentation(base, classes):
    inputs = keras.Input(base.input_shape[1:])
    augmentation = keras.Sequential(
        [keras.layers.RandomFlip("horizontal"), keras.layers.RandomRotation(0.1), keras.layers.RandomZoom(0.2)],
        name="augmentation",
    )
    side = keras.layers.Flatten()(augmentation(inputs))
    vector = keras.layers.GlobalAveragePooling2D()(base(inputs))
    both = keras.layers.Concatenate()([vector, side])
    return keras.Model(inputs, keras.layers.Dense(classes, activation="softmax")(both))


# %% right "A functional model whose augmentation is itself a functional model of shifts, zooms and flips, with the largest value of each map as pooling and a Dropout before the head." name="trial3_functional_in_functional"
def with_augmentation(base, classes):
    shape = base.input_shape[1:]
    raw = keras.Input(shape, name="raw")
    moved = keras.layers.RandomTranslation(0.2, 0.2, fill_mode="reflect")(raw)
    moved = keras.layers.RandomZoom((-0.2, 0.2), fill_mode="nearest")(moved)
    moved = keras.layers.RandomFlip("horizontal")(moved)
    changes = keras.Model(raw, moved, name="changes")

    images = keras.Input(shape, name="images")
    maps = base(changes(images))
    vector = keras.layers.GlobalMaxPooling2D()(maps)
    vector = keras.layers.Dropout(0.2)(vector)
    return keras.Model(images, keras.layers.Dense(classes, activation="softmax", name="classes")(vector))
