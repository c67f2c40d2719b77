# %% wrong "Writes VGG16's 512 features into the model." name="head_for_512_features" breaks="any number of features" says="Your function raised ValueError"
import keras


def train_head(features, labels, classes):
    head = keras.Sequential([keras.Input((512,)), keras.layers.Dense(classes, activation="softmax")])
    head.compile(optimizer=keras.optimizers.Adam(3e-3), loss="sparse_categorical_crossentropy")
    head.fit(features, labels, epochs=30, verbose=0)
    return head


# %% wrong "Writes six classes into the model." name="head_for_six_classes" breaks="from features to one number per class" says="The argument classes says how many there are." marks=10.4
import keras


def train_head(features, labels, classes):
    head = keras.Sequential([keras.Input((features.shape[1],)), keras.layers.Dense(6, activation="softmax")])
    head.compile(optimizer=keras.optimizers.Adam(3e-3), loss="sparse_categorical_crossentropy")
    head.fit(features, labels, epochs=30, verbose=0)
    return head


# %% wrong "Compiles the head and forgets to fit it." name="head_never_trained" breaks="right on unseen scenes" says="is it fitted"
import keras


def train_head(features, labels, classes):
    head = keras.Sequential([keras.Input((features.shape[1],)), keras.layers.Dense(classes, activation="softmax")])
    head.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    return head


# %% wrong "Subclasses keras.Model, which cannot be rebuilt as data." name="head_of_its_own_class" breaks="Keras's own layers" says="build it as Sequential or functional" marks=0
import keras


class Head(keras.Model):
    def __init__(self, classes):
        super().__init__()
        self.dense = keras.layers.Dense(classes, activation="softmax")

    def call(self, inputs):
        return self.dense(inputs)


def train_head(features, labels, classes):
    head = Head(classes)
    head.compile(optimizer=keras.optimizers.Adam(3e-3), loss="sparse_categorical_crossentropy")
    head.fit(features, labels, epochs=2, verbose=0)
    return head


# %% wrong "Learns two of the classes, whose scenes are half of all, and has never seen the others." name="head_of_two_classes" breaks="right on unseen scenes"
import keras
import numpy as np


def train_head(features, labels, classes):
    values, counts = np.unique(labels, return_counts=True)
    some = np.isin(labels, values[np.argsort(counts)[-2:]])
    head = keras.Sequential([keras.Input((features.shape[1],)), keras.layers.Dense(classes, activation="softmax")])
    head.compile(optimizer=keras.optimizers.Adam(3e-3), loss="sparse_categorical_crossentropy")
    head.fit(features[some], labels[some], epochs=40, verbose=0)
    return head


# %% wrong "Ends in one sigmoid, as for two classes." name="head_of_one_number" breaks="one number per class" says="One number can tell two classes apart"
import keras


def train_head(features, labels, classes):
    head = keras.Sequential([keras.Input((features.shape[1],)), keras.layers.Dense(1, activation="sigmoid")])
    head.compile(optimizer="adam", loss="mse")
    head.fit(features, labels, epochs=3, verbose=0)
    return head


# %% wrong "Leaves the softmax to the loss, so that scores come out." name="head_of_scores" breaks="probabilities" says="scores before the softmax" marks=10.4
import keras


def train_head(features, labels, classes):
    head = keras.Sequential(
        [keras.Input((features.shape[1],)), keras.layers.BatchNormalization(), keras.layers.Dense(classes)]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    head.compile(optimizer=keras.optimizers.Adam(3e-3), loss=loss)
    head.fit(features, labels, epochs=30, verbose=0)
    return head


# %% wrong "Ends in a sigmoid for each class, with one-hot targets and binary cross-entropy." name="head_of_sigmoids" breaks="probabilities" says="A sigmoid per class" marks=10.4
import keras
import numpy as np


def train_head(features, labels, classes):
    head = keras.Sequential(
        [
            keras.Input((features.shape[1],)),
            keras.layers.BatchNormalization(),
            keras.layers.Dense(classes, activation="sigmoid"),
        ]
    )
    head.compile(optimizer=keras.optimizers.Adam(3e-3), loss="binary_crossentropy", metrics=["binary_accuracy"])
    head.fit(features, np.eye(classes)[labels], epochs=30, verbose=0)
    return head


# %% wrong "Shuffles the features and not the labels with them." name="head_on_mixed_up_labels" breaks="right on unseen scenes"
import keras
import numpy as np


def train_head(features, labels, classes):
    features = np.random.default_rng(0).permutation(features)
    head = keras.Sequential([keras.Input((features.shape[1],)), keras.layers.Dense(classes, activation="softmax")])
    head.compile(optimizer=keras.optimizers.Adam(3e-3), loss="sparse_categorical_crossentropy")
    head.fit(features, labels, epochs=30, verbose=0)
    return head


# %% wrong "Fits to the labels of the notebook's own scenes instead of those that the function is given." name="head_on_the_notebook_s_labels" breaks="right on unseen scenes" says="only the features and labels that your function is given fit" marks=5.2
import keras


def train_head(features, labels, classes):
    head = keras.Sequential(
        [
            keras.Input((features.shape[1],)),
            keras.layers.BatchNormalization(),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )
    head.compile(optimizer=keras.optimizers.Adam(3e-3), loss="sparse_categorical_crossentropy")
    head.fit(features, scenes["train"].labels, epochs=30, verbose=0)
    return head


# %% wrong "Trains with a learning rate at which nothing settles." name="head_with_a_huge_learning_rate" breaks="right on unseen scenes"
import keras


def train_head(features, labels, classes):
    head = keras.Sequential(
        [
            keras.Input((features.shape[1],)),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )
    head.compile(optimizer=keras.optimizers.Adam(3.0), loss="sparse_categorical_crossentropy")
    head.fit(features, labels, epochs=10, verbose=0)
    return head


# %% right "One Dense layer on bare features, one-hot targets, softmax as a layer of its own." name="head_plain"
import keras


def train_head(features, labels, classes):
    head = keras.Sequential()
    head.add(keras.layers.Dense(classes))
    head.add(keras.layers.Softmax())
    head.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    head.fit(features, keras.utils.to_categorical(labels, classes), epochs=40, batch_size=32, verbose=0)
    return head


# %% right "Holds a fifth of the scenes back, stops when they get worse, weight decay on a hidden layer." name="head_stopped_early"
import keras
import numpy as np


def train_head(features, labels, classes):
    order = np.random.default_rng(1).permutation(len(labels))
    head = keras.Sequential(
        [
            keras.Input((features.shape[1],)),
            keras.layers.LayerNormalization(),
            keras.layers.Dense(128, activation="relu", kernel_regularizer=keras.regularizers.L2(1e-3)),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )
    head.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy")
    stop = keras.callbacks.EarlyStopping(patience=8, restore_best_weights=True)
    head.fit(features[order], labels[order], epochs=60, validation_split=0.2, callbacks=[stop], verbose=0)
    return head


# %% right "A functional model with Normalization, a hidden layer and dropout, trained by SGD." name="head_with_a_hidden_layer"
import keras


def train_head(features, labels, classes):
    scale = keras.layers.Normalization()
    scale.adapt(features)
    inputs = keras.Input((features.shape[1],))
    hidden = keras.layers.Dropout(0.5)(keras.layers.Dense(64, activation="relu")(scale(inputs)))
    head = keras.Model(inputs, keras.layers.Dense(classes, activation="softmax")(hidden))
    head.compile(keras.optimizers.SGD(0.02, momentum=0.9), keras.losses.SparseCategoricalCrossentropy())
    head.fit(features, labels, epochs=25, verbose=0)
    return head
