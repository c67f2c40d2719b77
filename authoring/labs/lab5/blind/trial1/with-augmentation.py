# %% wrong "The augmented images are multiplied by 0 and added to the images as they are, so the base never sees them." name="trial1_augmented_times_zero" breaks="augmented"
def with_augmentation(base, classes):
    images = keras.Input(base.input_shape[1:])
    turned = keras.layers.RandomFlip("horizontal")(images)
    turned = keras.layers.RandomRotation(0.1)(turned)
    turned = keras.layers.RandomZoom(0.2)(turned)
    mixed = keras.layers.Add()([images, keras.layers.Rescaling(0.0)(turned)])
    vector = keras.layers.GlobalAveragePooling2D()(base(mixed))
    return keras.Model(images, keras.layers.Dense(classes, activation="softmax")(vector))

# %% right "A functional model with the augmentation in a model of its own, shifts and flips in place of rotations, and the maximum as the pooling." name="trial1_nested_shifts_max_pooling"
def with_augmentation(base, classes):
    shape = base.input_shape[1:]
    augmentation = keras.Sequential(
        [
            keras.Input(shape),
            keras.layers.RandomTranslation(0.15, 0.15, fill_mode="nearest"),
            keras.layers.RandomFlip("horizontal"),
            keras.layers.RandomZoom((-0.2, 0.1), fill_mode="nearest"),
        ],
        name="shifts",
    )
    images = keras.Input(shape, name="images")
    maps = base(augmentation(images))
    vector = keras.layers.GlobalMaxPooling2D()(maps)
    answers = keras.layers.Dense(classes, activation=keras.ops.softmax, name="answers")(vector)
    return keras.Model(inputs=images, outputs=answers)
