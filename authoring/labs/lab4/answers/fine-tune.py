# %% wrong "Lets the learning rate go up when the base is unfrozen." name="tune_at_a_higher_rate" breaks="a low rate" says="a tenth of that or less" marks=12
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


# %% wrong "Numbers the epochs on from the last one that is done, and so trains one more than asked." name="tune_one_epoch_too_many" breaks="one loss per epoch" says="initial_epoch counts from 0" marks=12.75
import keras


def fine_tune(model, first, images, labels, epochs):
    unfreeze_from(base_of(model), first)
    model.compile(keras.optimizers.Adam(1e-5), loss="sparse_categorical_crossentropy")
    done = range(5)  # the epochs of the first stage, as history.epoch has them
    history = model.fit(images, labels, initial_epoch=done[-1], epochs=len(done) + epochs, verbose=0)
    return model, history.history["loss"]


# %% wrong "Takes the accuracies out of the history, where the losses were asked for." name="tune_returns_accuracies" breaks="one loss per epoch" says="Your losses run from" marks=12.75
import keras


def fine_tune(model, first, images, labels, epochs):
    unfreeze_from(base_of(model), first)
    model.compile(keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(images, labels, epochs=epochs, verbose=0)
    return model, history.history["accuracy"]


# %% wrong "Unfreezes all of the base at once." name="tune_the_whole_base" breaks="what is frozen keeps its weights" says="to stay as it was" marks=12 slow
import keras


def fine_tune(model, first, images, labels, epochs):
    base_of(model).trainable = True
    for layer in base_of(model).layers:
        layer.trainable = not isinstance(layer, keras.layers.BatchNormalization)
    model.compile(keras.optimizers.Adam(1e-5), loss="sparse_categorical_crossentropy")
    history = model.fit(images, labels, epochs=epochs, verbose=0)
    return model, history.history["loss"]


# %% wrong "Unfreezes the top by hand, BatchNorm included." name="tune_with_batchnorm_moving" breaks="BatchNorm keeps still" says="The BatchNorm layers" marks=12.75
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


# %% wrong "Compiles again with the first stage's optimizer, which belongs to other weights." name="tune_with_the_old_optimizer" breaks="a new optimizer" says="compile with a new one"
def fine_tune(model, first, images, labels, epochs):
    unfreeze_from(base_of(model), first)
    model.optimizer.learning_rate = 1e-5
    model.compile(model.optimizer, loss="sparse_categorical_crossentropy")
    history = model.fit(images, labels, epochs=epochs, verbose=0)
    return model, history.history["loss"]


# %% wrong "Unfreezes after the first fit and does not compile again, so the training step never hears of it." name="tune_without_compiling" breaks="compiled anew" says="Unfreeze, then compile again"
def fine_tune(model, first, images, labels, epochs):
    unfreeze_from(base_of(model), first)
    history = model.fit(images, labels, epochs=epochs, verbose=0)
    return model, history.history["loss"]


# %% wrong "Calls it fine-tuning, but never unfreezes anything." name="tune_without_unfreezing" breaks="the top is unfrozen" says="had not moved"
import keras


def fine_tune(model, first, images, labels, epochs):
    model.compile(keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy")
    history = model.fit(images, labels, epochs=epochs, verbose=0)
    return model, history.history["loss"]


# %% right "SGD with momentum at a falling rate; losses as an array." name="tune_with_momentum"
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
