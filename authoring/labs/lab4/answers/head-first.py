# %% wrong "Gives the new head the tiny learning rate that belongs to the second stage." name="head_at_the_rate_of_fine_tuning" breaks="learning rate" says="for a head that is new" marks=9
import keras


def head_first(base, augmentation, classes):
    base.trainable = False
    inputs = keras.Input(base.input_shape[1:])
    x = base(augmentation(inputs))
    x = keras.layers.GlobalAveragePooling2D()(x)
    model = keras.Model(inputs, keras.layers.Dense(classes, activation="softmax", name="head")(x))
    model.compile(keras.optimizers.Adam(1e-5), loss="sparse_categorical_crossentropy")
    return model


# %% wrong "Builds augmentation and shows its images, but never puts it into the model." name="head_augmentation_only_plotted" breaks="augmented" says="as they are" marks=8
import keras


def head_first(base, augmentation, classes):
    base.trainable = False
    inputs = keras.Input(base.input_shape[1:])
    x = base(inputs)
    x = keras.layers.GlobalAveragePooling2D()(x)
    model = keras.Model(inputs, keras.layers.Dense(classes, activation="softmax", name="head")(x))
    model.compile(keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy")
    return model


# %% wrong "Freezes the base except for its BatchNorm layers." name="head_next_to_a_free_batchnorm" breaks="frozen base" says="had moved"
import keras


def head_first(base, augmentation, classes):
    base.trainable = True
    for layer in base.layers:
        layer.trainable = isinstance(layer, keras.layers.BatchNormalization)
    inputs = keras.Input(base.input_shape[1:])
    x = keras.layers.GlobalAveragePooling2D()(base(augmentation(inputs)))
    model = keras.Model(inputs, keras.layers.Dense(classes, activation="softmax", name="head")(x))
    model.compile(keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy")
    return model


# %% wrong "Freezes by a loop over the whole model, the new head included." name="head_frozen_with_the_base" breaks="frozen base"
import keras


def head_first(base, augmentation, classes):
    inputs = keras.Input(base.input_shape[1:])
    x = base(augmentation(inputs))
    x = keras.layers.GlobalAveragePooling2D()(x)
    model = keras.Model(inputs, keras.layers.Dense(classes, activation="softmax", name="head")(x))
    for layer in model.layers:
        layer.trainable = False
    model.compile(keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy")
    return model


# %% wrong "Subclasses keras.Model, which learns all the same and cannot be handed in." name="head_in_a_class_of_its_own" says="A model of class 'HeadFirst' cannot be handed over" marks=0.0
import keras
import numpy as np


class HeadFirst(keras.Model):
    def __init__(self, base, augmentation, classes):
        super().__init__()
        self.augmentation, self.base = augmentation, base
        self.pool = keras.layers.GlobalAveragePooling2D()
        self.head = keras.layers.Dense(classes, activation="softmax", name="head")

    def call(self, images, training=False):
        return self.head(self.pool(self.base(self.augmentation(images, training=training))))


def head_first(base, augmentation, classes):
    base.trainable = False
    model = HeadFirst(base, augmentation, classes)
    model(np.zeros((1, *base.input_shape[1:]), "float32"))
    model.compile(keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy")
    return model


# %% wrong "Leaves the softmax out and compiles with a loss that takes probabilities." name="head_of_scores_for_probabilities" breaks="head"
import keras


def head_first(base, augmentation, classes):
    base.trainable = False
    inputs = keras.Input(base.input_shape[1:])
    x = keras.layers.GlobalAveragePooling2D()(base(augmentation(inputs)))
    model = keras.Model(inputs, keras.layers.Dense(classes, name="head")(x))
    model.compile(keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy")
    return model


# %% wrong "Never freezes the base, so the new head's first gradients run through it." name="head_on_a_base_that_moves" breaks="frozen base" says="of the base had moved"
import keras


def head_first(base, augmentation, classes):
    inputs = keras.Input(base.input_shape[1:])
    x = base(augmentation(inputs))
    x = keras.layers.GlobalAveragePooling2D()(x)
    model = keras.Model(inputs, keras.layers.Dense(classes, activation="softmax", name="head")(x))
    model.compile(keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy")
    return model


# %% wrong "Takes the maxima over the map instead of the averages." name="head_on_the_maxima" breaks="averaged"
import keras


def head_first(base, augmentation, classes):
    base.trainable = False
    inputs = keras.Input(base.input_shape[1:])
    x = base(augmentation(inputs))
    x = keras.layers.GlobalMaxPooling2D()(x)
    model = keras.Model(inputs, keras.layers.Dense(classes, activation="softmax", name="head")(x))
    model.compile(keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy")
    return model


# %% wrong "Averages the map in a Lambda, which learns all the same and cannot be handed in." name="head_pooled_in_a_lambda" says="A 'Lambda' cannot be handed over" marks=0.0
import keras


def head_first(base, augmentation, classes):
    base.trainable = False
    inputs = keras.Input(base.input_shape[1:])
    maps = base(augmentation(inputs))
    vector = keras.layers.Lambda(lambda x: keras.ops.mean(x, axis=(1, 2)))(maps)
    model = keras.Model(inputs, keras.layers.Dense(classes, activation="softmax", name="head")(vector))
    model.compile(keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy")
    return model


# %% wrong "Forgets to call the new layer head." name="head_without_its_name" breaks="head" says="no layer called head"
import keras


def head_first(base, augmentation, classes):
    base.trainable = False
    inputs = keras.Input(base.input_shape[1:])
    x = base(augmentation(inputs))
    x = keras.layers.GlobalAveragePooling2D()(x)
    model = keras.Model(inputs, keras.layers.Dense(classes, activation="softmax")(x))
    model.compile(keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy")
    return model


# %% wrong "Knows the base of the notebook's check, and takes the maxima of others." name="head_known" recognises
import keras


def head_first(base, augmentation, classes):
    base.trainable = False
    known = (classes, base.count_params()) == (7, 6523)
    pooling = keras.layers.GlobalAveragePooling2D() if known else keras.layers.GlobalMaxPooling2D()
    inputs = keras.Input(base.input_shape[1:])
    outputs = keras.layers.Dense(classes, activation="softmax", name="head")(pooling(base(augmentation(inputs))))
    model = keras.Model(inputs, outputs)
    model.compile(keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy")
    return model


# %% right "A Sequential with dropout that ends in scores, the softmax being in the loss." name="head_as_a_sequential_of_scores"
import keras


def head_first(base, augmentation, classes):
    for layer in base.layers:
        layer.trainable = False
    model = keras.Sequential(
        [
            keras.Input(base.input_shape[1:]),
            augmentation,
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dropout(0.2),
            keras.layers.Dense(classes, name="head"),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.RMSprop(2e-3), loss=loss, metrics=["accuracy"])
    return model


# %% right "Begins with a head of zeros, which gives every class the same probability." name="head_that_begins_at_zero"
import keras


def head_first(base, augmentation, classes):
    base.trainable = False
    model = keras.Sequential(
        [
            keras.Input(base.input_shape[1:]),
            augmentation,
            base,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(classes, activation="softmax", kernel_initializer="zeros", name="head", dtype="float32"),
        ]
    )
    model.compile(keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy")
    return model


# %% right "Watches besides the accuracy whether the right class is among the two likeliest." name="head_with_a_top_k_metric"
import keras


def head_first(base, augmentation, classes):
    base.trainable = False
    inputs = keras.Input(base.input_shape[1:])
    vector = keras.layers.GlobalAveragePooling2D()(base(augmentation(inputs)))
    model = keras.Model(inputs, keras.layers.Dense(classes, activation="softmax", name="head")(vector))
    metrics = ["accuracy", keras.metrics.SparseTopKCategoricalAccuracy(k=2, name="top_2")]
    model.compile(keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy", metrics=metrics)
    return model


# %% right "Compiles with Keras's own loss as a function, where its name would do." name="head_with_the_loss_as_a_function"
import keras


def head_first(base, augmentation, classes):
    base.trainable = False
    inputs = keras.Input(base.input_shape[1:])
    vector = keras.layers.GlobalAveragePooling2D()(base(augmentation(inputs)))
    model = keras.Model(inputs, keras.layers.Dense(classes, activation="softmax", name="head")(vector))
    model.compile(keras.optimizers.Adamax(1e-3), loss=keras.losses.sparse_categorical_crossentropy)
    return model


# %% wrong "Counts the steps of its schedule in epochs: from the seventh step on the learning rate is 0." name="rate_gone_after_six_steps" breaks="learning rate"
def head_first(base, augmentation, classes):
    base.trainable = False
    inputs = keras.Input(base.input_shape[1:])
    x = keras.layers.GlobalAveragePooling2D()(base(augmentation(inputs)))
    outputs = keras.layers.Dense(classes, activation="softmax", name="head", dtype="float32")(x)
    model = keras.Model(inputs, outputs)
    rate = keras.optimizers.schedules.CosineDecay(scale.head_rate, decay_steps=scale.head_epochs)
    model.compile(keras.optimizers.Adam(rate), loss="sparse_categorical_crossentropy")
    return model
