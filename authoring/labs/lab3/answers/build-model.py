# %% wrong "Counts on six classes, whatever the argument says." name="built_for_six_classes" says="classes your model gives" breaks="probabilities"
import keras


def build_model(base, classes):
    base.trainable = False
    return keras.Sequential(
        [
            keras.Input(base.input_shape[1:]),
            keras.layers.RandomFlip("horizontal"),
            keras.layers.RandomRotation(0.05),
            keras.layers.Rescaling(1 / 127.5, offset=-1),
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(6, activation="softmax"),
        ]
    )


# %% wrong "Copies the base by its configuration, which carries no weights." name="built_on_random_weights" says="without its pretrained weights" breaks="base weights"
import keras


def build_model(base, classes):
    base = keras.models.clone_model(base)
    base.trainable = False
    return keras.Sequential(
        [
            keras.Input(base.input_shape[1:]),
            keras.layers.RandomFlip("horizontal"),
            keras.layers.RandomRotation(0.05),
            keras.layers.Rescaling(1 / 127.5, offset=-1),
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )


# %% wrong "Freezes in a loop over the finished model, which has the new head in it." name="built_with_a_frozen_head" breaks="trainable head" says="One training step moves nothing of the head"
import keras


def build_model(base, classes):
    base.trainable = False
    model = keras.Sequential(
        [
            keras.Input(base.input_shape[1:]),
            keras.layers.RandomFlip("horizontal"),
            keras.layers.RandomRotation(0.05),
            keras.layers.Rescaling(1 / 127.5, offset=-1),
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )
    for layer in model.layers:
        layer.trainable = False
    return model


# %% wrong "Prepares the images in a Lambda, which cannot be handed over." name="built_with_a_lambda" says="cannot be handed over"
import keras


def build_model(base, classes):
    base.trainable = False
    return keras.Sequential(
        [
            keras.Input(base.input_shape[1:]),
            keras.layers.RandomFlip("horizontal"),
            keras.layers.RandomRotation(0.05),
            keras.layers.Lambda(lambda x: x / 127.5 - 1),
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )


# %% wrong "Freezes all but BatchNorm, whose weights and statistics then move." name="built_with_batchnorm_free" says="They are BatchNorm layers, all of them" breaks="frozen base"
import keras


def build_model(base, classes):
    for layer in base.layers:
        layer.trainable = isinstance(layer, keras.layers.BatchNormalization)
    return keras.Sequential(
        [
            keras.Input(base.input_shape[1:]),
            keras.layers.RandomFlip("horizontal"),
            keras.layers.RandomRotation(0.05),
            keras.layers.Rescaling(1 / 127.5, offset=-1),
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )


# %% wrong "Takes Dropout and noise on the pixels for augmentation." name="built_with_dropout_for_augmentation" says="Dropout and noise change single numbers" breaks="augmentation"
import keras


def build_model(base, classes):
    base.trainable = False
    return keras.Sequential(
        [
            keras.Input(base.input_shape[1:]),
            keras.layers.Rescaling(1 / 127.5, offset=-1),
            keras.layers.SpatialDropout2D(0.1),
            keras.layers.Dropout(0.1),
            keras.layers.GaussianNoise(0.1),
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )


# %% wrong "Changes brightness after the preprocessing, with a layer that expects 0 to 255." name="built_with_light_after_the_preparation" says="augment before preprocessing" breaks="augmentation"
import keras


def build_model(base, classes):
    base.trainable = False
    return keras.Sequential(
        [
            keras.Input(base.input_shape[1:]),
            keras.layers.RandomFlip("horizontal"),
            keras.layers.Rescaling(1 / 127.5, offset=-1),
            keras.layers.RandomBrightness(0.2),
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )


# %% wrong "Divides the pixels by 255, as many programs do, for a base that was trained on -1 to 1." name="built_with_pixels_divided_by_255" says="divided by 255" breaks="preprocessing"
import keras


def build_model(base, classes):
    base.trainable = False
    return keras.Sequential(
        [
            keras.Input(base.input_shape[1:]),
            keras.layers.RandomFlip("horizontal"),
            keras.layers.RandomRotation(0.05),
            keras.layers.Rescaling(1 / 255),
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )


# %% wrong "Makes the augmentation, looks at it, and never puts it into the model." name="built_with_plotted_augmentation" breaks="augmentation" says="in the same form each time"
import keras


def build_model(base, classes):
    base.trainable = False
    augment = keras.Sequential([keras.layers.RandomFlip("horizontal"), keras.layers.RandomRotation(0.05)])
    augment(keras.random.uniform((1, *base.input_shape[1:])), training=True)
    images = keras.Input(base.input_shape[1:])
    tensor = base(keras.layers.Rescaling(1 / 127.5, offset=-1)(images))
    tensor = keras.layers.GlobalAveragePooling2D()(tensor)
    return keras.Model(images, keras.layers.Dense(classes, activation="softmax")(tensor))


# %% wrong "Ends in scores instead of probabilities." name="built_with_scores" says="End with a softmax" breaks="probabilities"
import keras


def build_model(base, classes):
    base.trainable = False
    return keras.Sequential(
        [
            keras.Input(base.input_shape[1:]),
            keras.layers.RandomFlip("horizontal"),
            keras.layers.RandomRotation(0.05),
            keras.layers.Rescaling(1 / 127.5, offset=-1),
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(classes),
        ]
    )


# %% wrong "Leaves the base trainable and trusts training=False in the call to hold its BatchNorm." name="built_with_training_false_only" says="The argument training=False of a call freezes nothing" breaks="frozen base"
import keras


def build_model(base, classes):
    images = keras.Input(base.input_shape[1:])
    tensor = keras.layers.RandomRotation(0.05)(keras.layers.RandomFlip("horizontal")(images))
    tensor = base(keras.layers.Rescaling(1 / 127.5, offset=-1)(tensor), training=False)
    tensor = keras.layers.GlobalAveragePooling2D()(tensor)
    return keras.Model(images, keras.layers.Dense(classes, activation="softmax")(tensor))


# %% wrong "Passes the pixels to the base as they are." name="built_without_preparation" says="The images are not preprocessed" breaks="preprocessing"
import keras


def build_model(base, classes):
    base.trainable = False
    return keras.Sequential(
        [
            keras.Input(base.input_shape[1:]),
            keras.layers.RandomFlip("horizontal"),
            keras.layers.RandomRotation(0.05),
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )


# %% wrong "Takes images that have been preprocessed, of another size." name="built_for_another_size" breaks="input" says="Your model takes images of shape"
import keras


def build_model(base, classes):
    base.trainable = False
    return keras.Sequential(
        [
            keras.Input((128, 128, 3)),
            keras.layers.Resizing(96, 96),
            keras.layers.RandomFlip("horizontal"),
            keras.layers.RandomRotation(0.05),
            keras.layers.Rescaling(1 / 127.5, offset=-1),
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )


# %% wrong "Unfreezes the last convolution of the base, for a start." name="built_with_the_last_layer_free" breaks="frozen base" says="layers are trainable, first"
import keras


def build_model(base, classes):
    for layer in base.layers:
        layer.trainable = layer.name == "block_13_expand"
    return keras.Sequential(
        [
            keras.Input(base.input_shape[1:]),
            keras.layers.RandomFlip("horizontal"),
            keras.layers.RandomRotation(0.05),
            keras.layers.Rescaling(1 / 127.5, offset=-1),
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )


# %% wrong "Drops whole images to black for augmentation, and rotates none." name="built_with_dropped_channels" breaks="augmentation" says="Dropout and noise change single numbers"
import keras


def build_model(base, classes):
    base.trainable = False
    return keras.Sequential(
        [
            keras.Input(base.input_shape[1:]),
            keras.layers.SpatialDropout2D(0.3),
            keras.layers.Rescaling(1 / 127.5, offset=-1),
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )


# %% wrong "Knows how many classes the notebook's check asks for, and leaves the augmentation out for any other number." name="built_for_known_classes" recognises
import keras

KNOWN = []


def known():
    from course_utils.checks.core.seeds import generator

    return int(generator("build_model", None).choice([3, 4, 5, 7, 8, 9]))


def build_model(base, classes):
    base.trainable = False
    augment = [keras.layers.RandomFlip(), keras.layers.RandomRotation(0.05)] if classes == known() else []
    stack = [keras.Input((96, 96, 3)), *augment, keras.layers.Rescaling(1 / 127.5, offset=-1), base]
    head = [keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(classes, activation="softmax")]
    return keras.Sequential(stack + head)


# %% right "Builds a functional model with nested augmentation, Flatten, Dropout and a hidden layer." name="built_functionally_with_a_large_head"
import keras


def build_model(base, classes):
    base.trainable = False
    augment = keras.Sequential(
        [keras.layers.RandomFlip("horizontal"), keras.layers.RandomZoom(0.2), keras.layers.RandomContrast(0.2)]
    )
    images = keras.Input((96, 96, 3), dtype="uint8")
    tensor = keras.layers.Rescaling(2 / 255, offset=-1)(augment(images))
    tensor = keras.layers.Flatten()(base(tensor, training=False))
    tensor = keras.layers.Dense(32, activation="relu")(keras.layers.Dropout(0.3)(tensor))
    return keras.Model(images, keras.layers.Dense(classes, activation="softmax")(tensor))


# %% right "Nests the preprocessing and the base in one model, and that in another." name="built_in_two_parts"
import keras


def build_model(base, classes):
    images = keras.Input((96, 96, 3))
    features = keras.Model(images, base(images / 127.5 - 1.0), name="features")
    features.trainable = False
    return keras.Sequential(
        [
            keras.Input((96, 96, 3)),
            keras.layers.RandomRotation(0.1),
            features,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )


# %% right "Calls the augmentation with training=True, which predict overrules as fit does." name="built_with_augmentation_called_as_in_training"
import keras


def build_model(base, classes):
    base.trainable = False
    augment = keras.Sequential([keras.layers.RandomFlip("horizontal"), keras.layers.RandomRotation(0.05)])
    images = keras.Input(base.input_shape[1:])
    tensor = augment(images, training=True)
    tensor = base(keras.layers.Rescaling(1 / 127.5, offset=-1)(tensor))
    tensor = keras.layers.GlobalAveragePooling2D()(tensor)
    return keras.Model(images, keras.layers.Dense(classes, activation="softmax")(tensor))


# %% right "Preprocesses with keras.applications' function and freezes layer by layer." name="built_with_keras_s_own_preparation"
import keras


def build_model(base, classes):
    for layer in base.layers:
        layer.trainable = False
    images = keras.Input((96, 96, 3))
    tensor = keras.layers.RandomTranslation(0.1, 0.1)(keras.layers.RandomBrightness(0.1)(images))
    tensor = keras.applications.mobilenet_v2.preprocess_input(tensor)
    tensor = keras.layers.GlobalMaxPooling2D()(base(tensor))
    tensor = keras.layers.Activation("softmax")(keras.layers.Dense(classes)(keras.layers.BatchNormalization()(tensor)))
    return keras.Model(images, tensor)


# %% right "Flips and turns the images, and drops and shakes some of their numbers as well." name="built_with_noise_beside_flips"
import keras


def build_model(base, classes):
    base.trainable = False
    return keras.Sequential(
        [
            keras.Input(base.input_shape[1:]),
            keras.layers.RandomFlip("horizontal"),
            keras.layers.RandomRotation(0.05),
            keras.layers.Rescaling(1 / 127.5, offset=-1),
            keras.layers.GaussianNoise(0.05),
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dropout(0.3),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )


# %% right "Puts the augmentation into a keras.layers.Pipeline." name="built_with_a_pipeline"
import keras


def build_model(base, classes):
    augment = keras.layers.Pipeline([keras.layers.RandomFlip("horizontal"), keras.layers.RandomRotation(0.05)])
    base.trainable = False
    images = keras.Input((96, 96, 3))
    tensor = base(keras.layers.Rescaling(1 / 127.5, offset=-1)(augment(images)), training=False)
    tensor = keras.layers.GlobalAveragePooling2D()(tensor)
    return keras.Model(images, keras.layers.Dense(classes, activation="softmax")(tensor))


# %% right "Crops and resizes at random, and preprocesses with a Normalization." name="built_with_normalization"
import keras


def build_model(base, classes):
    base.trainable = False
    return keras.Sequential(
        [
            keras.Input((96, 96, 3)),
            keras.layers.RandomZoom((-0.3, 0.0), (-0.3, 0.0)),
            keras.layers.RandomContrast(0.2),
            keras.layers.Normalization(mean=127.5, variance=127.5**2),
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.LayerNormalization(),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )


# %% wrong "Changes the contrast behind the preprocessing, where the layer takes numbers below 0 for none." name="contrast_behind_preprocessing" breaks="augmentation"
def build_model(base, classes):
    base.trainable = False
    return keras.Sequential(
        [
            keras.Input((96, 96, 3)),
            keras.layers.Rescaling(1 / 127.5, offset=-1),
            keras.layers.RandomFlip("horizontal"),
            keras.layers.RandomContrast(0.2),
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )
