# %% wrong "Trains with a rate meant for fine-tuning a whole base: the head hardly moves." name="trained_far_too_slowly" says="scenes it has not seen" slow breaks="accuracy"
import keras


def train(model, images, labels):
    model.compile(optimizer=keras.optimizers.Adam(0.00001), loss="sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=2, verbose=0)
    return model


# %% wrong "Compiles the model and returns it without a fit." name="trained_never" breaks="accuracy" says="Its head is the one it came with"
import keras


def train(model, images, labels):
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    return model


# %% wrong "Preprocesses the images, although the model does that itself." says="the model preprocesses images itself" slow breaks="accuracy" name="trained_on_preprocessed_images"
import keras


def train(model, images, labels):
    images = images / 127.5 - 1
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=3, verbose=0)
    return model


# %% wrong "Fits to the labels of scenes that it loads itself instead of those that the function is given." name="trained_on_the_notebook_s_labels" says="only the labels that your function is given fit" breaks="accuracy"
import keras

from course_utils.data import load_scenes


def train(model, images, labels):
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    model.fit(images, load_scenes("train", per_object=2).labels, epochs=8, verbose=0)
    return model


# %% wrong "Returns what fit returns, which is a History." name="trained_returning_the_history" says="expected a keras.Model"
import keras


def train(model, images, labels):
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    return model.fit(images[:32], labels[:32], verbose=0)


# %% wrong "Frees BatchNorm alone, with a rate of nothing: weights stay, statistics drift." name="trained_with_statistics_drifting" says="BatchNorm statistics" slow
import keras


def train(model, images, labels):
    base = next(layer for layer in model.layers if isinstance(layer, keras.Model))
    base.trainable = True
    for layer in base.layers:
        layer.trainable = isinstance(layer, keras.layers.BatchNormalization)
        if layer.trainable:
            layer.gamma.trainable = layer.beta.trainable = False
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=4, verbose=0)
    return model


# %% wrong "Makes the base trainable on the way, so that one careless training overwrites ImageNet." name="trained_with_the_base_set_free" slow
import keras


def train(model, images, labels):
    for layer in model.layers:  # not `model.trainable = True`: that is so already, and then changes nothing inside
        layer.trainable = True
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    model.fit(images[:32], labels[:32], verbose=0)
    return model


# %% wrong "Trains two of the classes, whose scenes are half of all." name="trained_on_two_classes" breaks="accuracy" slow
import keras
import numpy as np


def train(model, images, labels):
    values, counts = np.unique(labels, return_counts=True)
    some = np.isin(labels, values[np.argsort(counts)[-2:]])
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    model.fit(images[some], labels[some], epochs=8, verbose=0)
    return model


# %% wrong "Makes the statistics of BatchNorm move, and freezes it again afterwards." name="trained_with_statistics_that_moved" breaks="base weights" says="BatchNorm statistics" slow
import keras


def train(model, images, labels):
    base = next(layer for layer in model.layers if isinstance(layer, keras.Model))
    norms = [layer for layer in base.layers if isinstance(layer, keras.layers.BatchNormalization)]
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=8, verbose=0)
    for norm in norms[:3]:
        norm.moving_mean.assign(norm.moving_mean * 1.01)
    return model


# %% wrong "Sets the base free after the training, for the stage that comes next." name="trained_and_set_free" breaks="frozen base" says="are trainable, first" slow
import keras


def train(model, images, labels):
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=8, verbose=0)
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            layer.trainable = True
    return model


# %% wrong "Returns a model without the augmentation, which it has trained with." name="trained_and_stripped" breaks="whole model" says="in the same form each time" slow
import keras


def train(model, images, labels):
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=8, verbose=0)
    kept = [layer for layer in model.layers if not layer.name.startswith("random_")]
    return keras.Sequential([keras.Input((96, 96, 3)), *kept])


# %% wrong "Knows the first image of the notebook's check, and stops after a step for any other." name="trained_on_known_scenes" recognises slow
import keras

from course_utils.checks.core.seeds import generator
from course_utils.data import load_scenes

KNOWN = load_scenes("train", per_object=2, seed=int(generator("train", None).integers(2**31, size=3)[0])).images[0]


def train(model, images, labels):
    known = (images[0] == KNOWN).all()
    model.compile(optimizer=keras.optimizers.Adam(0.01 if known else 1e-7), loss="sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=8 if known else 1, verbose=0)
    return model


# %% right "Trains with SGD and momentum, one-hot labels, and a generator of batches." name="trained_with_momentum" slow
import keras


def train(model, images, labels):
    rate = keras.optimizers.SGD(0.02, momentum=0.9)
    model.compile(optimizer=rate, loss="categorical_crossentropy", metrics=["accuracy"])
    model.fit(images.astype("float32"), keras.utils.to_categorical(labels), epochs=10, batch_size=16, verbose=0)
    return model


# %% right "Passes the images by tf.data, with a schedule and AdamW." name="trained_by_tf_data" slow
import keras
import tensorflow as tf


def train(model, images, labels):
    data = tf.data.Dataset.from_tensor_slices((images, labels)).shuffle(len(labels), seed=0).batch(32).prefetch(2)
    rate = keras.optimizers.schedules.CosineDecay(0.01, 8 * len(data))
    model.compile(keras.optimizers.AdamW(rate), "sparse_categorical_crossentropy")
    model.fit(data, epochs=8, verbose=0)
    return model


# %% right "Trains by hand with a GradientTape." name="trained_by_gradient_tape" slow
import keras
import numpy as np
import tensorflow as tf


def train(model, images, labels):
    optimizer, loss = keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy()

    @tf.function
    def step(batch, truth):
        with tf.GradientTape() as tape:
            value = loss(truth, model(batch, training=True))
        optimizer.apply(tape.gradient(value, model.trainable_variables), model.trainable_variables)

    rng = np.random.default_rng(0)
    for _ in range(8):
        order = rng.permutation(len(labels))[: len(labels) // 32 * 32]
        for some in order.reshape(-1, 32):
            step(tf.constant(images[some], tf.float32), tf.constant(labels[some]))
    return model


# %% right "Trains the head on features of the base, cached for four augmented copies, and puts its weights back." name="trained_on_cached_features" slow
import keras
import numpy as np


def train(model, images, labels):
    body = keras.Model(model.inputs, model.layers[-1].input)
    copies = [np.asarray(body(images.astype("float32"), training=True)) for _ in range(4)]
    head = keras.Sequential([keras.Input(copies[0].shape[1:]), keras.layers.Dense(6, activation="softmax")])
    head.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    head.fit(np.concatenate(copies), np.tile(labels, 4), epochs=8, verbose=0)
    model.layers[-1].set_weights(head.layers[-1].get_weights())
    return model


# %% right "Keeps a fifth for validation, stops early and lowers the learning rate." name="trained_with_callbacks" slow
import keras
import numpy as np


def train(model, images, labels):
    order = np.random.default_rng(0).permutation(len(labels))
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    callbacks = [
        keras.callbacks.EarlyStopping(patience=4, restore_best_weights=True),
        keras.callbacks.ReduceLROnPlateau(patience=2),
    ]
    model.fit(images[order], labels[order], validation_split=0.15, epochs=14, callbacks=callbacks, verbose=0)
    return model


# %% right "Weighs the classes, and smooths one-hot labels." name="trained_with_class_weights" slow
import keras
import numpy as np


def train(model, images, labels):
    classes = model.output_shape[-1]
    counts = np.bincount(labels, minlength=classes)
    weights = {label: len(labels) / (classes * max(1, count)) for label, count in enumerate(counts)}
    loss = keras.losses.CategoricalCrossentropy(label_smoothing=0.1)
    model.compile(keras.optimizers.Adam(0.01), loss)
    model.fit(images, np.eye(classes)[labels], epochs=10, class_weight=weights, verbose=0)
    return model


# %% right "Calls train_on_batch in a loop of its own, with Nadam." name="trained_batch_by_batch" slow
import keras
import numpy as np


def train(model, images, labels):
    model.compile(keras.optimizers.Nadam(0.01), "sparse_categorical_crossentropy")
    rng = np.random.default_rng(1)
    for _ in range(8):
        for some in rng.permutation(len(labels))[: len(labels) // 32 * 32].reshape(-1, 32):
            model.train_on_batch(images[some], labels[some])
    return model


# %% right "Trains a clone, and gives its weights to the model." name="trained_in_a_clone" slow
import keras


def train(model, images, labels):
    clone = keras.models.clone_model(model)
    clone.set_weights(model.get_weights())
    clone.compile(keras.optimizers.RMSprop(0.005), "sparse_categorical_crossentropy")
    clone.fit(images, labels, epochs=8, verbose=0)
    model.set_weights(clone.get_weights())
    return model
