# %% wrong "Freezes the whole model, the head included." name="first_all_frozen" breaks="only the head is trainable" says="Nothing at all is trainable" may_fail="test-hand-in"
import keras

from course_utils.models import load_base


def first_stage(class_count):
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3))
    base.trainable = False
    inputs = keras.Input((96, 96, 3))
    maps = base(keras.layers.Rescaling(1 / 128, offset=-127 / 128)(inputs))
    vector = keras.layers.GlobalAveragePooling2D()(maps)
    model = keras.Model(inputs, keras.layers.Dense(class_count, activation="softmax")(vector))
    model.compile(keras.optimizers.Adam(1e-2), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.trainable = False
    return model


# %% wrong "Scales pixels as MobileNetV2 wants them, almost what this base was trained with." name="first_as_mobilenet_wants_it" breaks="images from 0 to 255 reach the base prepared" may_fail="test-hand-in"
import keras

from course_utils.models import load_base


def first_stage(class_count):
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3))
    base.trainable = False
    inputs = keras.Input((96, 96, 3))
    maps = base(keras.layers.Rescaling(1 / 127.5, offset=-1)(inputs))
    vector = keras.layers.GlobalAveragePooling2D()(maps)
    model = keras.Model(inputs, keras.layers.Dense(class_count, activation="softmax")(vector))
    model.compile(keras.optimizers.Adam(1e-2), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


# %% wrong "Scales pixels to 0 to 1, which this base was not trained with." name="first_divided_by_255" breaks="images from 0 to 255 reach the base prepared" says="divided by 255" may_fail="test-hand-in"
import keras

from course_utils.models import load_base


def first_stage(class_count):
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3))
    base.trainable = False
    inputs = keras.Input((96, 96, 3))
    maps = base(keras.layers.Rescaling(1 / 255)(inputs))
    vector = keras.layers.GlobalAveragePooling2D()(maps)
    model = keras.Model(inputs, keras.layers.Dense(class_count, activation="softmax")(vector))
    model.compile(keras.optimizers.Adam(1e-2), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


# %% wrong "Builds the base without its pretrained weights." name="first_from_random_weights" breaks="the base is ImageNet's" says="without its pretrained weights" may_fail="test-hand-in"
import keras

from course_utils.models import load_base


def first_stage(class_count):
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3), weights=None)
    base.trainable = False
    inputs = keras.Input((96, 96, 3))
    maps = base(keras.layers.Rescaling(1 / 128, offset=-127 / 128)(inputs))
    vector = keras.layers.GlobalAveragePooling2D()(maps)
    model = keras.Model(inputs, keras.layers.Dense(class_count, activation="softmax")(vector))
    model.compile(keras.optimizers.Adam(1e-2), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


# %% wrong "Leaves the base free to learn." name="first_never_frozen" breaks="only the head is trainable" says="base.trainable = False" may_fail="test-hand-in"
import keras

from course_utils.models import load_base


def first_stage(class_count):
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3))
    inputs = keras.Input((96, 96, 3))
    maps = base(keras.layers.Rescaling(1 / 128, offset=-127 / 128)(inputs))
    vector = keras.layers.GlobalAveragePooling2D()(maps)
    model = keras.Model(inputs, keras.layers.Dense(class_count, activation="softmax")(vector))
    model.compile(keras.optimizers.Adam(1e-2), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


# %% wrong "Feeds pixels from 0 to 255 to the base as they are." name="first_not_prepared" breaks="images from 0 to 255 reach the base prepared" says="The images are not preprocessed" may_fail="test-hand-in"
import keras

from course_utils.models import load_base


def first_stage(class_count):
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3))
    base.trainable = False
    inputs = keras.Input((96, 96, 3))
    maps = base(inputs)
    vector = keras.layers.GlobalAveragePooling2D()(maps)
    model = keras.Model(inputs, keras.layers.Dense(class_count, activation="softmax")(vector))
    model.compile(keras.optimizers.Adam(1e-2), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


# %% wrong "Gives scores where probabilities were asked for." name="first_without_softmax" breaks="one probability for each class" says="add up to" may_fail="test-hand-in"
import keras

from course_utils.models import load_base


def first_stage(class_count):
    base = load_base("efficientnet_lite0", input_shape=(96, 96, 3))
    base.trainable = False
    inputs = keras.Input((96, 96, 3))
    maps = base(keras.layers.Rescaling(1 / 128, offset=-127 / 128)(inputs))
    vector = keras.layers.GlobalAveragePooling2D()(maps)
    model = keras.Model(inputs, keras.layers.Dense(class_count)(vector))
    model.compile(keras.optimizers.Adam(1e-2), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


# %% right "Builds a Sequential model, with dropout and a pooling base." name="first_as_sequential" slow
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
