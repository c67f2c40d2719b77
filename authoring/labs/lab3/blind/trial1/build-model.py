# %% wrong "Brightness is changed after the rescaling, with a layer that expects and clips to 0 to 255, so in training the base gets 0 to some 50 instead of -1 to 1." name="trial1_brightness_after_rescaling" breaks="augmentation"
def build_model(base, classes):
    """Builds one model from pixels to probabilities, with a frozen base inside."""
    base.trainable = False
    return keras.Sequential(
        [
            keras.Input((96, 96, 3)),
            keras.layers.Rescaling(1 / 127.5, offset=-1),
            keras.layers.RandomFlip("horizontal"),
            keras.layers.RandomRotation(0.05, fill_mode="nearest"),
            keras.layers.RandomBrightness(0.2),
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )


# %% wrong "The classifying layer is frozen at its random weights; a BatchNorm layer before it moves, so that something after the base does." name="trial1_frozen_classifier" breaks="trainable head"
def build_model(base, classes):
    """Builds one model from pixels to probabilities, with a frozen base inside."""
    base.trainable = False
    inputs = keras.Input((96, 96, 3))
    x = keras.layers.RandomFlip("horizontal")(inputs)
    x = keras.layers.RandomRotation(0.08, fill_mode="nearest")(x)
    x = keras.layers.RandomZoom(0.1, fill_mode="nearest")(x)
    x = keras.layers.Rescaling(1 / 127.5, offset=-1)(x)
    x = base(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    x = keras.layers.BatchNormalization()(x)
    outputs = keras.layers.Dense(classes, activation="softmax", trainable=False)(x)
    return keras.Model(inputs, outputs)


# %% right "Preprocessing by a Normalization layer with given mean and variance, and a head that scores every place by a 1 by 1 convolution before it averages." name="trial1_convolution_as_head"
def build_model(base, classes):
    """Builds one model from pixels to probabilities, with a frozen base inside."""
    inputs = keras.Input((96, 96, 3))
    x = keras.layers.RandomTranslation(0.1, 0.1, fill_mode="reflect")(inputs)
    x = keras.layers.RandomFlip("horizontal")(x)
    x = keras.layers.RandomBrightness(0.15)(x)
    x = keras.layers.Normalization(axis=None, mean=127.5, variance=127.5**2)(x)
    base.trainable = False
    x = base(x, training=False)
    x = keras.layers.Conv2D(classes, 1)(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, keras.layers.Softmax()(x))
