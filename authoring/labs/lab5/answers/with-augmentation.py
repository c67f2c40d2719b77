# %% wrong "Makes the layers, looks at an image, and builds the model without them." name="augmentation_never_wired_in" breaks="images change in training, before the base" says="and not called on the way from the input to the base" marks=1.0
import keras
import numpy as np


def with_augmentation(base, classes):
    augment = keras.Sequential([keras.layers.RandomFlip("horizontal"), keras.layers.RandomRotation(0.1)])
    augment(np.zeros((1, *base.input_shape[1:]), "float32"), training=True)
    inputs = keras.Input(base.input_shape[1:])
    vector = keras.layers.GlobalAveragePooling2D()(base(inputs))
    return keras.Model(inputs, keras.layers.Dense(classes, activation="softmax")(vector))


# %% wrong "Augments what comes out of the base." name="augmentation_of_feature_maps" breaks="images change in training, before the base" says="It changes feature maps there, not images." marks=2.0
import keras


def with_augmentation(base, classes):
    inputs = keras.Input(base.input_shape[1:])
    maps = keras.layers.RandomTranslation(0.4, 0.4)(base(inputs))
    vector = keras.layers.GlobalAveragePooling2D()(maps)
    return keras.Model(inputs, keras.layers.Dense(classes, activation="softmax")(vector))


# %% wrong "Calls the layers and then goes on from the images as they were." name="augmentation_overwritten" breaks="images change in training, before the base" marks=1.0
import keras


def with_augmentation(base, classes):
    inputs = keras.Input(base.input_shape[1:])
    augmented = keras.layers.RandomFlip("horizontal")(inputs)  # noqa: F841
    maps = base(inputs)
    vector = keras.layers.GlobalAveragePooling2D()(maps)
    return keras.Model(inputs, keras.layers.Dense(classes, activation="softmax")(vector))


# %% wrong "Clones the base, and with it loses the weights." name="augmentation_with_a_base_of_its_own" breaks="a softmax over the classes, on this base" says="The base's weights are not in your model" marks=4.0
import keras


def with_augmentation(base, classes):
    return keras.Sequential(
        [
            keras.Input(base.input_shape[1:]),
            keras.layers.RandomFlip("horizontal"),
            keras.layers.RandomRotation(0.2),
            keras.models.clone_model(base),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )


# %% right "Nests the augmentation, adds a Dropout and calls the base with training=False." name="augmentation_as_a_functional_model"
import keras


def with_augmentation(base, classes):
    shape = base.input_shape[1:]
    augment = keras.Sequential([keras.Input(shape), keras.layers.RandomTranslation(0.2, 0.2)], name="augment")
    inputs = keras.Input(shape)
    base.trainable = False
    maps = base(augment(inputs), training=False)
    vector = keras.layers.Dropout(0.2)(keras.layers.Flatten()(keras.layers.GlobalMaxPooling2D()(maps)))
    return keras.Model(inputs, keras.layers.Dense(classes, activation="softmax", name="answers")(vector))
