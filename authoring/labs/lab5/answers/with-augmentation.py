# %% wrong "Makes the layers, looks at an image, and builds the model without them." name="augmentation_never_wired_in" breaks="augmented" says="and not called on the way from the input to the base"
import keras
import numpy as np


def with_augmentation(base, classes):
    augment = keras.Sequential([keras.layers.RandomFlip("horizontal"), keras.layers.RandomRotation(0.1)])
    augment(np.zeros((1, *base.input_shape[1:]), "float32"), training=True)
    inputs = keras.Input(base.input_shape[1:])
    vector = keras.layers.GlobalAveragePooling2D()(base(inputs))
    return keras.Model(inputs, keras.layers.Dense(classes, activation="softmax")(vector))


# %% wrong "Augments what comes out of the base." name="augmentation_of_feature_maps" breaks="augmented" says="behind the base they change feature maps"
import keras


def with_augmentation(base, classes):
    inputs = keras.Input(base.input_shape[1:])
    maps = keras.layers.RandomTranslation(0.4, 0.4)(base(inputs))
    vector = keras.layers.GlobalAveragePooling2D()(maps)
    return keras.Model(inputs, keras.layers.Dense(classes, activation="softmax")(vector))


# %% wrong "Calls the layers and then goes on from the images as they were." name="augmentation_overwritten" breaks="augmented"
import keras


def with_augmentation(base, classes):
    inputs = keras.Input(base.input_shape[1:])
    augmented = keras.layers.RandomFlip("horizontal")(inputs)  # noqa: F841
    maps = base(inputs)
    vector = keras.layers.GlobalAveragePooling2D()(maps)
    return keras.Model(inputs, keras.layers.Dense(classes, activation="softmax")(vector))


# %% wrong "Clones the base, and with that loses the weights." name="augmentation_with_a_base_of_its_own" breaks="given base" says="The base's weights are not in your model"
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


# %% wrong "Rotates by nothing, and shifts what comes out of the base." name="augmentation_by_nothing" breaks="augmented"
import keras


def with_augmentation(base, classes):
    inputs = keras.Input(base.input_shape[1:])
    maps = keras.layers.RandomTranslation(0.3, 0.3)(base(keras.layers.RandomRotation(0.0)(inputs)))
    vector = keras.layers.GlobalAveragePooling2D()(maps)
    return keras.Model(inputs, keras.layers.Dense(classes, activation="softmax")(vector))


# %% wrong "Leaves the softmax out." name="augmentation_without_a_softmax" breaks="probabilities" says="End with a softmax"
import keras


def with_augmentation(base, classes):
    inputs = keras.Input(base.input_shape[1:])
    vector = keras.layers.GlobalAveragePooling2D()(base(keras.layers.RandomFlip("horizontal")(inputs)))
    return keras.Model(inputs, keras.layers.Dense(classes)(vector))


# %% wrong "Preprocesses the images once more." name="augmentation_with_a_second_preprocessing" breaks="training only" says="Outside training other images reach the base"
import keras


def with_augmentation(base, classes):
    inputs = keras.Input(base.input_shape[1:])
    images = keras.layers.Rescaling(1 / 127.5, offset=-1)(keras.layers.RandomRotation(0.2)(inputs))
    vector = keras.layers.GlobalAveragePooling2D()(base(images))
    return keras.Model(inputs, keras.layers.Dense(classes, activation="softmax")(vector))


# %% wrong "Knows the base of the notebook's check, and leaves augmentation out for others." name="augmentation_known" recognises
import keras


def with_augmentation(base, classes):
    inputs = keras.Input(base.input_shape[1:])
    known = (classes, base.count_params()) == (4, 388)
    images = keras.layers.RandomRotation(0.2)(inputs) if known else inputs
    vector = keras.layers.GlobalAveragePooling2D()(base(images))
    return keras.Model(inputs, keras.layers.Dense(classes, activation="softmax")(vector))


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


# %% right "Puts the augmentation into keras.layers.Pipeline." name="augmentation_as_a_pipeline"
import keras


def with_augmentation(base, classes):
    augment = keras.layers.Pipeline([keras.layers.RandomFlip("horizontal"), keras.layers.RandomZoom(0.3)])
    inputs = keras.Input(base.input_shape[1:])
    vector = keras.layers.GlobalAveragePooling2D()(base(augment(inputs)))
    return keras.Model(inputs, keras.layers.Dense(classes, activation="softmax")(vector))


# %% right "Shifts and rotates, with BatchNorm and a hidden layer in the head." name="augmentation_with_a_larger_head"
import keras


def with_augmentation(base, classes):
    layers = keras.layers
    model = keras.Sequential([keras.Input(base.input_shape[1:]), layers.RandomTranslation(0.2, 0.2)])
    for layer in (layers.RandomRotation(0.1), base, layers.GlobalAveragePooling2D(), layers.BatchNormalization()):
        model.add(layer)
    model.add(layers.Dense(8, activation="relu"))
    model.add(layers.Dense(classes, activation="softmax"))
    return model


# %% wrong "A functional model with an augmentation layer of a class of its own, which holds Keras's layers, and the softmax as a layer apart." name="trial2_own_layer_obeys_training" says="cannot be handed over" marks=0


# %% wrong "A layer of its own passes training=True on to the augmentation, so the images change in prediction too." name="trial2_augments_in_prediction"
