# %% wrong "RandomBrightness comes after the preprocessing and still expects 0 to 255, so in training it shifts values of -1 to 1 by tens." name="trial2_build_brightness_after_rescaling" breaks="augmentation"
def build_model(base, classes):
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

# %% wrong "The base says trainable False, but each BatchNorm layer inside has been made trainable again and moves in a training step." name="trial2_build_norms_back_on" breaks="frozen base"
def build_model(base, classes):
    base.trainable = False
    for layer in base.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = True
    return keras.Sequential(
        [
            keras.Input((96, 96, 3)),
            keras.layers.RandomFlip("horizontal"),
            keras.layers.RandomRotation(0.05),
            keras.layers.RandomZoom(0.1),
            keras.layers.Rescaling(1 / 127.5, offset=-1),
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )

# %% right "A functional model that preprocesses with Normalization first, augments in the range -1 to 1, and has a 1 x 1 convolution for a head, averaged before the softmax." name="trial2_build_normalization_conv_head"
def build_model(base, classes):
    base.trainable = False
    layers = keras.layers
    pixels = keras.Input((96, 96, 3))
    tensor = layers.Normalization(mean=[127.5] * 3, variance=[127.5**2] * 3)(pixels)
    augment = keras.Sequential(
        [
            layers.RandomFlip("horizontal"),
            layers.RandomTranslation(0.1, 0.1, fill_mode="nearest"),
            layers.RandomBrightness(0.15, value_range=(-1.0, 1.0)),
        ],
        name="augment",
    )
    maps = base(augment(tensor), training=False)
    maps = layers.SpatialDropout2D(0.1)(maps)
    scores = layers.GlobalAveragePooling2D()(layers.Conv2D(classes, 1)(maps))
    return keras.Model(pixels, layers.Softmax()(scores))
