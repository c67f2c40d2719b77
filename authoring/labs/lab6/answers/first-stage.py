# %% wrong "Freezes the whole model, the head included." name="first_all_frozen" breaks="frozen base" says="Nothing at all is trainable" may_fail="test-hand-in"
import keras

from course_utils.models import load_base


def first_stage(class_count):
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3))
    base.trainable = False
    inputs = keras.Input((96, 96, 3))
    maps = base(keras.layers.Rescaling(1 / 128, offset=-127 / 128)(inputs))
    vector = keras.layers.GlobalAveragePooling2D()(maps)
    model = keras.Model(inputs, keras.layers.Dense(class_count, activation="softmax")(vector))
    model.compile(keras.optimizers.Adam(1e-2), loss="sparse_categorical_crossentropy")
    model.trainable = False
    return model


# %% wrong "Scales pixels as MobileNetV2 wants them, almost what this base was trained with." name="first_as_mobilenet_wants_it" breaks="preprocessing" may_fail="test-hand-in"
import keras

from course_utils.models import load_base


def first_stage(class_count):
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3))
    base.trainable = False
    inputs = keras.Input((96, 96, 3))
    maps = base(keras.layers.Rescaling(1 / 127.5, offset=-1)(inputs))
    vector = keras.layers.GlobalAveragePooling2D()(maps)
    model = keras.Model(inputs, keras.layers.Dense(class_count, activation="softmax")(vector))
    model.compile(keras.optimizers.Adam(1e-2), loss="sparse_categorical_crossentropy")
    return model


# %% wrong "Scales pixels to 0 to 1, which this base was not trained with." name="first_divided_by_255" breaks="preprocessing" says="divided by 255" may_fail="test-hand-in"
import keras

from course_utils.models import load_base


def first_stage(class_count):
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3))
    base.trainable = False
    inputs = keras.Input((96, 96, 3))
    maps = base(keras.layers.Rescaling(1 / 255)(inputs))
    vector = keras.layers.GlobalAveragePooling2D()(maps)
    model = keras.Model(inputs, keras.layers.Dense(class_count, activation="softmax")(vector))
    model.compile(keras.optimizers.Adam(1e-2), loss="sparse_categorical_crossentropy")
    return model


# %% wrong "Lays the maps out in a row where their averages were asked for." name="first_flattened" breaks="averaged" says="Flatten keeps every place" may_fail="test-hand-in"
import keras

from course_utils.models import load_base


def first_stage(class_count):
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3))
    base.trainable = False
    inputs = keras.Input((96, 96, 3))
    maps = base(keras.layers.Rescaling(1 / 128, offset=-127 / 128)(inputs))
    vector = keras.layers.Flatten()(maps)
    model = keras.Model(inputs, keras.layers.Dense(class_count, activation="softmax")(vector))
    model.compile(keras.optimizers.Adam(1e-2), loss="sparse_categorical_crossentropy")
    return model


# %% wrong "Builds the base without its pretrained weights." name="first_from_random_weights" breaks="pretrained weights" says="without its pretrained weights" may_fail="test-hand-in"
import keras

from course_utils.models import load_base


def first_stage(class_count):
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3), weights=None)
    base.trainable = False
    inputs = keras.Input((96, 96, 3))
    maps = base(keras.layers.Rescaling(1 / 128, offset=-127 / 128)(inputs))
    vector = keras.layers.GlobalAveragePooling2D()(maps)
    model = keras.Model(inputs, keras.layers.Dense(class_count, activation="softmax")(vector))
    model.compile(keras.optimizers.Adam(1e-2), loss="sparse_categorical_crossentropy")
    return model


# %% wrong "Leaves the base free to learn." name="first_never_frozen" breaks="frozen base" says="base.trainable = False" may_fail="test-hand-in"
import keras

from course_utils.models import load_base


def first_stage(class_count):
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3))
    inputs = keras.Input((96, 96, 3))
    maps = base(keras.layers.Rescaling(1 / 128, offset=-127 / 128)(inputs))
    vector = keras.layers.GlobalAveragePooling2D()(maps)
    model = keras.Model(inputs, keras.layers.Dense(class_count, activation="softmax")(vector))
    model.compile(keras.optimizers.Adam(1e-2), loss="sparse_categorical_crossentropy")
    return model


# %% wrong "Takes the maxima of the maps." name="first_of_maxima" breaks="averaged" says="These are the maxima" may_fail="test-hand-in"
import keras

from course_utils.models import load_base


def first_stage(class_count):
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3))
    base.trainable = False
    inputs = keras.Input((96, 96, 3))
    maps = base(keras.layers.Rescaling(1 / 128, offset=-127 / 128)(inputs))
    vector = keras.layers.GlobalMaxPooling2D()(maps)
    model = keras.Model(inputs, keras.layers.Dense(class_count, activation="softmax")(vector))
    model.compile(keras.optimizers.Adam(1e-2), loss="sparse_categorical_crossentropy")
    return model


# %% wrong "Passes pixels from 0 to 255 to the base as they are." name="first_not_preprocessed" breaks="preprocessing" says="The images are not preprocessed" may_fail="test-hand-in"
import keras

from course_utils.models import load_base


def first_stage(class_count):
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3))
    base.trainable = False
    inputs = keras.Input((96, 96, 3))
    maps = base(inputs)
    vector = keras.layers.GlobalAveragePooling2D()(maps)
    model = keras.Model(inputs, keras.layers.Dense(class_count, activation="softmax")(vector))
    model.compile(keras.optimizers.Adam(1e-2), loss="sparse_categorical_crossentropy")
    return model


# %% wrong "Compiles for one-hot labels." name="first_for_one_hot_labels" breaks="compiled" says="categorical_crossentropy" may_fail="test-hand-in"
import keras

from course_utils.models import load_base


def first_stage(class_count):
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3))
    base.trainable = False
    inputs = keras.Input((96, 96, 3))
    maps = base(keras.layers.Rescaling(1 / 128, offset=-127 / 128)(inputs))
    vector = keras.layers.GlobalAveragePooling2D()(maps)
    model = keras.Model(inputs, keras.layers.Dense(class_count, activation="softmax")(vector))
    model.compile(keras.optimizers.Adam(1e-2), loss="categorical_crossentropy")
    return model


# %% wrong "Never compiles." name="first_not_compiled" breaks="compiled" says="Your model is not compiled" may_fail="test-hand-in"
import keras

from course_utils.models import load_base


def first_stage(class_count):
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3))
    base.trainable = False
    inputs = keras.Input((96, 96, 3))
    maps = base(keras.layers.Rescaling(1 / 128, offset=-127 / 128)(inputs))
    vector = keras.layers.GlobalAveragePooling2D()(maps)
    model = keras.Model(inputs, keras.layers.Dense(class_count, activation="softmax")(vector))
    return model


# %% wrong "Gives scores where probabilities were asked for." name="first_without_softmax" breaks="probabilities" says="add up to" may_fail="test-hand-in"
import keras

from course_utils.models import load_base


def first_stage(class_count):
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3))
    base.trainable = False
    inputs = keras.Input((96, 96, 3))
    maps = base(keras.layers.Rescaling(1 / 128, offset=-127 / 128)(inputs))
    vector = keras.layers.GlobalAveragePooling2D()(maps)
    model = keras.Model(inputs, keras.layers.Dense(class_count)(vector))
    model.compile(keras.optimizers.Adam(1e-2), loss="sparse_categorical_crossentropy")
    return model


# %% wrong "Knows how many classes the notebook's check asks for, and flattens for any other number." name="first_known" recognises may_fail="test-hand-in"
import keras

from course_utils.models import load_base


def first_stage(class_count):
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3))
    base.trainable = False
    inputs = keras.Input((96, 96, 3))
    maps = base(keras.layers.Rescaling(1 / 128, offset=-127 / 128)(inputs))
    vector = (keras.layers.GlobalAveragePooling2D() if class_count == 13 else keras.layers.Flatten())(maps)
    model = keras.Model(inputs, keras.layers.Dense(class_count, activation="softmax")(vector))
    model.compile(keras.optimizers.Adam(1e-2), loss="sparse_categorical_crossentropy")
    return model


# %% wrong "Pools with AveragePooling2D at its default size, so only four of the nine places of each map are averaged." name="trial5_pool_of_two_on_maps_of_three" may_fail="test-hand-in"


# %% wrong "Works on a clone of the base, which has the same layers but new random weights." name="trial5_clone_of_the_base" breaks="pretrained weights" may_fail="test-hand-in"


# %% right "Builds a Sequential model, with dropout and a pooling base." name="first_as_sequential" may_fail="test-hand-in"
import keras

from course_utils.models import load_base


def first_stage(class_count):
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3), pooling="avg")
    for layer in base.layers:
        layer.trainable = False
    model = keras.Sequential(
        [
            keras.Input((96, 96, 3)),
            keras.layers.Rescaling(1 / 128, offset=-127 / 128),
            base,
            keras.layers.Dropout(0.2),
            keras.layers.Dense(class_count, activation="softmax"),
        ]
    )
    model.compile("adam", loss=keras.losses.SparseCategoricalCrossentropy())
    return model


# %% right "Preprocesses with arithmetic on the input, and has a hidden layer in the head." name="first_with_arithmetic" may_fail="test-hand-in"
import keras

from course_utils.models import load_base


def first_stage(class_count):
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3))
    base.trainable = False
    inputs = keras.Input((96, 96, 3))
    maps = base((inputs - 127.0) / 128.0)
    vector = keras.layers.GlobalAveragePooling2D()(maps)
    vector = keras.layers.Dense(32, activation="relu")(vector)
    model = keras.Model(inputs, keras.layers.Dense(class_count, activation="softmax")(vector))
    model.compile(keras.optimizers.AdamW(1e-3, weight_decay=1e-4), loss="sparse_categorical_crossentropy")
    return model


# %% right "Normalizes with the mean and variance of the preprocessing, augments in front, and adds BatchNorm to the head." name="first_with_a_normalization" may_fail="test-hand-in"
import keras

from course_utils.models import load_base


def first_stage(class_count):
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3))
    base.trainable = False
    inputs = keras.Input((96, 96, 3))
    maps = base(
        keras.layers.Normalization(mean=[127.0] * 3, variance=[128.0**2] * 3)(
            keras.layers.RandomFlip("horizontal")(inputs)
        )
    )
    vector = keras.layers.GlobalAveragePooling2D()(maps)
    vector = keras.layers.BatchNormalization()(vector)
    model = keras.Model(inputs, keras.layers.Dense(class_count, activation="softmax")(vector))
    model.compile(keras.optimizers.Adam(1e-2), loss="sparse_categorical_crossentropy")
    return model


# %% wrong "Loads ImageNet's weights and then changes each of them by about one per cent." name="trial1_weights_with_noise" breaks="pretrained weights" may_fail="test-hand-in"
