# %% wrong "Trains with a rate meant for fine-tuning a whole base: the head hardly moves." name="trained_far_too_slowly" breaks="right on more than 42% of scenes it has not seen" says="scenes it has not seen" marks=7.0 slow
import keras


def train(model, images, labels):
    model.compile(optimizer=keras.optimizers.Adam(0.00001), loss="sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=2, verbose=0)
    return model


# %% wrong "Compiles the model and returns it without a fit." name="trained_never" says="has the head it came with" marks=0.0
import keras


def train(model, images, labels):
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    return model


# %% wrong "Prepares the images, although the model does that itself." name="trained_on_prepared_pictures" breaks="right on more than 42% of scenes it has not seen" says="the model preprocesses images itself" marks=7.0 slow
import keras


def train(model, images, labels):
    images = images / 127.5 - 1
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=3, verbose=0)
    return model


# %% wrong "Fits to the labels of scenes that it loads itself instead of those that the function is given." name="trained_on_the_notebook_s_labels" breaks="right on more than 42% of scenes it has not seen" says="only the labels that your function is given fit" marks=7.0
import keras

from course_utils.data import load_scenes


def train(model, images, labels):
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    model.fit(images, load_scenes("train", per_object=2).labels, epochs=8, verbose=0)
    return model


# %% wrong "Returns what fit returns, which is a History." name="trained_returning_the_history" breaks="the model is returned" says="expected a keras.Model" marks=0.0
import keras


def train(model, images, labels):
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    return model.fit(images[:32], labels[:32], verbose=0)


# %% wrong "Frees BatchNorm alone, with a rate of nothing: weights stay, statistics drift." name="trained_with_statistics_drifting" breaks="the base is still ImageNet's, statistics included" says="BatchNorm statistics" slow
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


# %% wrong "Sets the base free on the way, so that one careless training overwrites ImageNet." name="trained_with_the_base_set_free" breaks="the base is still ImageNet's, statistics included" says="other weights than ImageNet's" slow
import keras


def train(model, images, labels):
    for layer in model.layers:  # not `model.trainable = True`: that is so already, and then changes nothing inside
        layer.trainable = True
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    model.fit(images[:32], labels[:32], verbose=0)
    return model


# %% right "Trains with SGD and momentum, one-hot labels, and a generator of batches." name="trained_with_momentum" slow
import keras


def train(model, images, labels):
    rate = keras.optimizers.SGD(0.02, momentum=0.9)
    model.compile(optimizer=rate, loss="categorical_crossentropy", metrics=["accuracy"])
    model.fit(images.astype("float32"), keras.utils.to_categorical(labels), epochs=10, batch_size=16, verbose=0)
    return model
