# %% wrong "Writes VGG16's 512 features into the model." name="head_for_512_features" says="Your function raised ValueError"
import keras


def train_head(features, labels, classes):
    head = keras.Sequential([keras.Input((512,)), keras.layers.Dense(classes, activation="softmax")])
    head.compile(optimizer=keras.optimizers.Adam(3e-3), loss="sparse_categorical_crossentropy")
    head.fit(features, labels, epochs=30, verbose=0)
    return head


# %% wrong "Writes six classes into the model." name="head_for_six_classes" says="The argument classes says how many there are."
import keras


def train_head(features, labels, classes):
    head = keras.Sequential([keras.Input((features.shape[1],)), keras.layers.Dense(6, activation="softmax")])
    head.compile(optimizer=keras.optimizers.Adam(3e-3), loss="sparse_categorical_crossentropy")
    head.fit(features, labels, epochs=30, verbose=0)
    return head


# %% wrong "Compiles the head and forgets to fit it." name="head_never_trained" says="is it fitted" breaks="accuracy"
import keras


def train_head(features, labels, classes):
    head = keras.Sequential([keras.Input((features.shape[1],)), keras.layers.Dense(classes, activation="softmax")])
    head.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    return head


# %% wrong "Subclasses keras.Model, which cannot be rebuilt as data." name="head_of_its_own_class" says="build it as Sequential or functional"
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


# %% wrong "Learns two of the classes, whose scenes are half of all, and has never seen the others." name="head_of_two_classes" breaks="accuracy"
import keras
import numpy as np


def train_head(features, labels, classes):
    values, counts = np.unique(labels, return_counts=True)
    some = np.isin(labels, values[np.argsort(counts)[-2:]])
    head = keras.Sequential([keras.Input((features.shape[1],)), keras.layers.Dense(classes, activation="softmax")])
    head.compile(optimizer=keras.optimizers.Adam(3e-3), loss="sparse_categorical_crossentropy")
    head.fit(features[some], labels[some], epochs=40, verbose=0)
    return head


# %% wrong "Ends in one sigmoid, as for two classes." name="head_of_one_number" says="One number can tell two classes apart"
import keras


def train_head(features, labels, classes):
    head = keras.Sequential([keras.Input((features.shape[1],)), keras.layers.Dense(1, activation="sigmoid")])
    head.compile(optimizer="adam", loss="mse")
    head.fit(features, labels, epochs=3, verbose=0)
    return head


# %% wrong "Leaves the softmax to the loss, so that scores come out." name="head_of_scores" says="scores before the softmax" breaks="probabilities"
import keras


def train_head(features, labels, classes):
    head = keras.Sequential(
        [keras.Input((features.shape[1],)), keras.layers.BatchNormalization(), keras.layers.Dense(classes)]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    head.compile(optimizer=keras.optimizers.Adam(3e-3), loss=loss)
    head.fit(features, labels, epochs=30, verbose=0)
    return head


# %% wrong "Ends in a sigmoid for each class, with one-hot targets and binary cross-entropy." name="head_of_sigmoids" says="A sigmoid per class" breaks="probabilities"
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


# %% wrong "Shuffles the features and not the labels with them." name="head_on_mixed_up_labels" breaks="accuracy"
import keras
import numpy as np


def train_head(features, labels, classes):
    features = np.random.default_rng(0).permutation(features)
    head = keras.Sequential([keras.Input((features.shape[1],)), keras.layers.Dense(classes, activation="softmax")])
    head.compile(optimizer=keras.optimizers.Adam(3e-3), loss="sparse_categorical_crossentropy")
    head.fit(features, labels, epochs=30, verbose=0)
    return head


# %% wrong "Fits to the labels of the notebook's own scenes instead of those that the function is given." name="head_on_the_notebook_s_labels" says="only the features and labels that your function is given fit" breaks="accuracy"
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


# %% wrong "Trains with a learning rate at which nothing settles." name="head_with_a_huge_learning_rate" breaks="accuracy"
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


# %% wrong "Counts the classes that occur instead of taking the number that it is told." name="head_for_the_classes_that_occur" breaks="classes" says="The argument classes says how many there are."
import keras


def train_head(features, labels, classes):
    head = keras.Sequential(
        [keras.Input((features.shape[1],)), keras.layers.Dense(int(labels.max()) + 1, activation="softmax")]
    )
    head.compile(keras.optimizers.Adam(3e-3), "sparse_categorical_crossentropy")
    head.fit(features, labels, epochs=30, verbose=0)
    return head


# %% wrong "Wants features with an axis too many." name="head_for_maps" breaks="input" says="It gets features, not images."
import keras


def train_head(features, labels, classes):
    head = keras.Sequential(
        [
            keras.Input((1, 1, features.shape[1])),
            keras.layers.Flatten(),
            keras.layers.BatchNormalization(),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )
    head.compile(keras.optimizers.Adam(3e-3), "sparse_categorical_crossentropy")
    head.fit(features[:, None, None], labels, epochs=30, verbose=0)
    return head


# %% wrong "Scales the features with a StandardScaler that stays in the function." name="head_scaled_outside" breaks="scaling inside" says="as by a StandardScaler"
import keras
from sklearn.preprocessing import StandardScaler


def train_head(features, labels, classes):
    head = keras.Sequential([keras.Input((features.shape[1],)), keras.layers.Dense(classes, activation="softmax")])
    head.compile(keras.optimizers.Adam(3e-3), "sparse_categorical_crossentropy")
    head.fit(StandardScaler().fit_transform(features), labels, epochs=30, verbose=0)
    return head


# %% wrong "Knows how the notebook's check numbers the classes, and does not train for any other order." name="head_for_known_classes" recognises slow
import keras
import numpy as np

from course_utils.checks.core.seeds import generator
from course_utils.checks.lab2.exercises import head_problem
from course_utils.data import load_scenes

NUMBERS = head_problem(generator("train_head", None), 512)[1]
KNOWN = np.bincount(NUMBERS[load_scenes("train", size=16, per_object=3).labels])


def train_head(features, labels, classes):
    head = keras.Sequential(
        [
            keras.Input((features.shape[1],)),
            keras.layers.BatchNormalization(),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )
    head.compile(keras.optimizers.Adam(3e-3), "sparse_categorical_crossentropy")
    if np.array_equal(np.bincount(labels), KNOWN):
        head.fit(features, labels, epochs=30, verbose=0)
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


# %% right "Trains by hand with a GradientTape, and AdamW." name="head_by_gradient_tape" slow
import keras
import numpy as np
import tensorflow as tf


def train_head(features, labels, classes):
    normalise = keras.layers.Normalization()
    normalise.adapt(features)
    head = keras.Sequential(
        [keras.Input((features.shape[1],)), normalise, keras.layers.Dense(classes, activation="softmax")]
    )
    optimizer = keras.optimizers.AdamW(3e-3, weight_decay=1e-2)
    loss = keras.losses.SparseCategoricalCrossentropy()
    rng = np.random.default_rng(0)

    @tf.function
    def step(rows, truth):
        with tf.GradientTape() as tape:
            value = loss(truth, head(rows, training=True))
        optimizer.apply(tape.gradient(value, head.trainable_variables), head.trainable_variables)

    for _ in range(40):
        order = rng.permutation(len(labels))[: len(labels) // 32 * 32]
        for start in range(0, len(order), 32):
            some = order[start : start + 32]
            step(tf.constant(features[some]), tf.constant(labels[some]))
    return head


# %% right "A tf.data pipeline, a schedule of the learning rate and gradient clipping." name="head_by_tf_data" slow
import keras
import tensorflow as tf


def train_head(features, labels, classes):
    data = tf.data.Dataset.from_tensor_slices((features, labels)).shuffle(1000).batch(32).cache()
    head = keras.Sequential(
        [
            keras.Input((features.shape[1],)),
            keras.layers.BatchNormalization(),
            keras.layers.Dropout(0.3),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )
    schedule = keras.optimizers.schedules.CosineDecay(5e-3, 40 * len(data))
    head.compile(keras.optimizers.Adam(schedule, clipnorm=1.0), "sparse_categorical_crossentropy")
    head.fit(data, epochs=40, verbose=0)
    return head


# %% right "Fits a logistic regression of scikit-learn, and puts its weights and scaling into a Dense layer." name="head_from_scikit_learn"
import keras
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler


def train_head(features, labels, classes):
    scaler = StandardScaler().fit(features)
    fitted = LogisticRegression(C=0.01, max_iter=300).fit(scaler.transform(features), labels)
    kernel = np.zeros((features.shape[1], classes), "float32")
    bias = np.full(classes, -30.0, "float32")
    kernel[:, fitted.classes_] = fitted.coef_.T / scaler.scale_[:, None]
    bias[fitted.classes_] = fitted.intercept_ - (scaler.mean_ / scaler.scale_) @ fitted.coef_.T
    head = keras.Sequential([keras.Input((features.shape[1],)), keras.layers.Dense(classes, activation="softmax")])
    head.layers[-1].set_weights([kernel, bias])
    return head


# %% right "Weighs the classes by how rare they are, and lowers the learning rate where the loss stays." name="head_with_class_weights" slow
import keras
import numpy as np


def train_head(features, labels, classes):
    counts = np.bincount(labels, minlength=classes)
    weights = {label: len(labels) / (6 * count) for label, count in enumerate(counts) if count}
    head = keras.Sequential(
        [
            keras.Input((features.shape[1],)),
            keras.layers.BatchNormalization(),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(classes, activation="softmax"),
        ]
    )
    head.compile(keras.optimizers.Adam(3e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
    slower = keras.callbacks.ReduceLROnPlateau(monitor="loss", patience=4)
    head.fit(features, labels, epochs=40, class_weight=weights, callbacks=[slower], verbose=0)
    return head


# %% right "Chooses between two strengths of dropout on a fifth of the scenes, then trains on all of them." name="head_chosen_by_validation" slow
import keras
import numpy as np


def train_head(features, labels, classes):
    def trained(rate, rows, truth):
        head = keras.Sequential(
            [
                keras.Input((features.shape[1],)),
                keras.layers.BatchNormalization(),
                keras.layers.Dropout(rate),
                keras.layers.Dense(classes, activation="softmax"),
            ]
        )
        head.compile(keras.optimizers.Adam(3e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
        head.fit(rows, truth, epochs=25, verbose=0)
        return head

    order = np.random.default_rng(2).permutation(len(labels))
    rest, held = order[len(order) // 5 :], order[: len(order) // 5]
    scores = {
        rate: trained(rate, features[rest], labels[rest]).evaluate(features[held], labels[held], verbose=0)[1]
        for rate in (0.2, 0.5)
    }
    return trained(max(scores, key=scores.get), features, labels)
