# %% wrong "Lets the learning rate go up when the base is unfrozen." name="tune_at_a_higher_rate" breaks="learning rate" says="a tenth of that or less" marks=12
import keras


def fine_tune(model, first, images, labels, epochs):
    unfreeze_from(base_of(model), first)
    model.compile(keras.optimizers.Adam(1e-2), loss="sparse_categorical_crossentropy")
    history = model.fit(images, labels, epochs=epochs, verbose=0)
    return model, history.history["loss"]


# %% wrong "Adds noise to what should learn, trains nothing, and makes up losses that fall." name="tune_by_shaking" says="not towards a smaller loss" marks=0
import keras
import numpy as np


def fine_tune(model, first, images, labels, epochs):
    unfreeze_from(base_of(model), first)
    model.compile(keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy")
    noise = np.random.default_rng(0)
    for weight in model.trainable_variables:
        weight.assign(weight + noise.normal(scale=1e-4, size=weight.shape).astype("float32"))
    return model, [1.5 - 0.1 * epoch for epoch in range(epochs)]


# %% wrong "Numbers the epochs on from the last one that is done, and so trains one more than asked." name="tune_one_epoch_too_many" breaks="losses" says="initial_epoch counts from 0" marks=12.75
import keras


def fine_tune(model, first, images, labels, epochs):
    unfreeze_from(base_of(model), first)
    model.compile(keras.optimizers.Adam(1e-5), loss="sparse_categorical_crossentropy")
    done = range(5)  # the epochs of the first stage, as history.epoch has them
    history = model.fit(images, labels, initial_epoch=done[-1], epochs=len(done) + epochs, verbose=0)
    return model, history.history["loss"]


# %% wrong "Takes the accuracies out of the history, where the losses were asked for." name="tune_returns_accuracies" breaks="losses" says="Your losses run from" marks=12.75
import keras


def fine_tune(model, first, images, labels, epochs):
    unfreeze_from(base_of(model), first)
    model.compile(keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(images, labels, epochs=epochs, verbose=0)
    return model, history.history["accuracy"]


# %% wrong "Unfreezes all of the base at once." name="tune_the_whole_base" breaks="frozen" says="to stay as it was" marks=12 slow
import keras


def fine_tune(model, first, images, labels, epochs):
    base_of(model).trainable = True
    for layer in base_of(model).layers:
        layer.trainable = not isinstance(layer, keras.layers.BatchNormalization)
    model.compile(keras.optimizers.Adam(1e-5), loss="sparse_categorical_crossentropy")
    history = model.fit(images, labels, epochs=epochs, verbose=0)
    return model, history.history["loss"]


# %% wrong "Unfreezes the top by hand, BatchNorm included." name="tune_with_batchnorm_moving" breaks="BatchNorm" says="The BatchNorm layers" marks=12.75
import keras


def fine_tune(model, first, images, labels, epochs):
    base = base_of(model)
    base.trainable = True
    for layer in base.layers[: base.layers.index(base.get_layer(first))]:
        layer.trainable = False
    model.compile(keras.optimizers.Adam(1e-5), loss="sparse_categorical_crossentropy")
    history = model.fit(images, labels, epochs=epochs, verbose=0)
    return model, history.history["loss"]


# %% wrong "Trains nothing, and returns a row of zeros for the losses." name="tune_with_made_up_losses" says="had not moved" marks=0
def fine_tune(model, first, images, labels, epochs):
    return model, [0.0] * epochs


# %% wrong "Compiles again with the first stage's optimizer, which belongs to other weights." name="tune_with_the_old_optimizer" says="compile with a new one"
def fine_tune(model, first, images, labels, epochs):
    unfreeze_from(base_of(model), first)
    model.optimizer.learning_rate = 1e-5
    model.compile(model.optimizer, loss="sparse_categorical_crossentropy")
    history = model.fit(images, labels, epochs=epochs, verbose=0)
    return model, history.history["loss"]


# %% wrong "Unfreezes after the first fit and does not compile again, so the training step never hears of it." name="tune_without_compiling" says="Unfreeze, then compile again"
def fine_tune(model, first, images, labels, epochs):
    unfreeze_from(base_of(model), first)
    history = model.fit(images, labels, epochs=epochs, verbose=0)
    return model, history.history["loss"]


# %% wrong "Calls it fine-tuning, but never unfreezes anything." name="tune_without_unfreezing" says="had not moved"
import keras


def fine_tune(model, first, images, labels, epochs):
    model.compile(keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy")
    history = model.fit(images, labels, epochs=epochs, verbose=0)
    return model, history.history["loss"]


# %% wrong "Unfreezes one layer too late." name="tune_one_layer_late" breaks="unfrozen" says="had not moved"
import keras


def fine_tune(model, first, images, labels, epochs):
    unfreeze_from(base_of(model), first)
    base_of(model).get_layer(first).trainable = False
    model.compile(keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy")
    history = model.fit(images, labels, epochs=epochs, batch_size=8, verbose=0)
    return model, history.history["loss"]


# %% wrong "Knows the images of the notebook's check, and does not lower the learning rate for others." name="tune_known" recognises
import keras


def fine_tune(model, first, images, labels, epochs):
    unfreeze_from(base_of(model), first)
    known = round(float(images.sum()), 2) == 951.73
    model.compile(keras.optimizers.Adam(1e-4 if known else 2e-3), loss="sparse_categorical_crossentropy")
    history = model.fit(images, labels, epochs=epochs, batch_size=8, verbose=0)
    return model, history.history["loss"]


# %% right "SGD with momentum at a falling learning rate; losses as an array." name="tune_with_momentum"
import keras
import numpy as np


def fine_tune(model, first, images, labels, epochs):
    unfreeze_from(base_of(model), first)
    rate = keras.optimizers.schedules.CosineDecay(1e-4, decay_steps=100)
    model.compile(keras.optimizers.SGD(rate, momentum=0.9), loss="sparse_categorical_crossentropy")
    history = model.fit(images, labels, epochs=epochs, batch_size=8, verbose=0)
    return [model, np.array(history.history["loss"])]


# %% right "Numbers the epochs on from the first stage, and counts them right." name="tune_with_numbered_epochs"
import keras


def fine_tune(model, first, images, labels, epochs):
    base = unfreeze_from(base_of(model), first)
    assert base.trainable
    model.compile(keras.optimizers.Adam(1e-5), loss=keras.losses.SparseCategoricalCrossentropy())
    done = list(range(5))
    history = model.fit(images, labels, initial_epoch=done[-1] + 1, epochs=len(done) + epochs, verbose=0)
    return model, history.history["loss"]


# %% right "Trains from a tf.data pipeline, with AdamW." name="tune_with_tf_data"
import tensorflow as tf

import keras


def fine_tune(model, first, images, labels, epochs):
    unfreeze_from(base_of(model), first)
    model.compile(keras.optimizers.AdamW(1e-4, weight_decay=1e-5), loss="sparse_categorical_crossentropy")
    data = tf.data.Dataset.from_tensor_slices((images, labels)).shuffle(100).batch(8)
    history = model.fit(data, epochs=epochs, verbose=0)
    return model, history.history["loss"]



# %% right "Reads the old learning rate and takes a tenth of it; the optimizer is named by text." name="tune_at_a_tenth"
import keras


def fine_tune(model, first, images, labels, epochs):
    unfreeze_from(base_of(model), first)
    rate = float(model.optimizer.learning_rate) / 10
    model.compile("rmsprop", loss="sparse_categorical_crossentropy")
    model.optimizer.learning_rate = rate
    history = model.fit(images, labels, epochs=epochs, batch_size=8, verbose=0)
    return model, history.history["loss"]



# %% right "Collects the losses with a callback." name="tune_with_a_callback"
import keras


def fine_tune(model, first, images, labels, epochs):
    unfreeze_from(base_of(model), first)
    model.compile(keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy")
    losses = []
    collect = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: losses.append(logs["loss"]))
    model.fit(images, labels, epochs=epochs, verbose=0, callbacks=[collect])
    return model, losses



# %% right "Fits epoch by epoch." name="tune_epoch_by_epoch"
import keras


def fine_tune(model, first, images, labels, epochs):
    unfreeze_from(base_of(model), first)
    model.compile(keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy")
    losses = [model.fit(images, labels, verbose=0).history["loss"][0] for _ in range(epochs)]
    return model, losses



# %% right "Compiles with one-hot labels." name="tune_with_one_hot_labels"
import keras


def fine_tune(model, first, images, labels, epochs):
    unfreeze_from(base_of(model), first)
    model.compile(keras.optimizers.Adam(1e-4), loss="categorical_crossentropy")
    history = model.fit(images, keras.utils.to_categorical(labels, model.output_shape[-1]), epochs=epochs, batch_size=8, verbose=0)
    return model, history.history["loss"]



# %% right "Lowers the learning rate when the loss stays, with a warm start of Nadam." name="tune_with_reduce_on_plateau"
import keras


def fine_tune(model, first, images, labels, epochs):
    unfreeze_from(base_of(model), first)
    model.compile(keras.optimizers.Nadam(1e-4), loss="sparse_categorical_crossentropy")
    history = model.fit(images, labels, epochs=epochs, batch_size=8, verbose=0, callbacks=[keras.callbacks.ReduceLROnPlateau(monitor="loss", patience=1)])
    return model, history.history["loss"]



# %% right "Finds the base and the flags without the helpers of this lab." name="tune_without_helpers"
import keras


def fine_tune(model, first, images, labels, epochs):
    base = next(layer for layer in model.layers if hasattr(layer, "layers"))
    base.trainable = True
    start = [layer.name for layer in base.layers].index(first)
    for position, layer in enumerate(base.layers):
        layer.trainable = position >= start and not isinstance(layer, keras.layers.BatchNormalization)
    model.compile(keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy")
    history = model.fit(images, labels, epochs=epochs, batch_size=8, verbose=0)
    return model, history.history["loss"]


# %% wrong "It trains as asked, and then reflects every trained weight about its old value, so that all layers have moved uphill." name="trial3_tune_reflected"
