# %% wrong "Unfreezes the base before the first stage." name="stages_free_from_the_start" breaks="head alone" says="expected the head alone to move"
import keras


def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    model.get_layer("base").trainable = True
    model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=head_epochs + all_epochs, verbose=0)
    return model


# %% wrong "Unfreezes the base before its only fit, whenever there is to be a second stage." name="stages_in_one_fit" breaks="head alone" says="The base was already trainable in the first stage."
import keras


def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    model.get_layer("base").trainable = all_epochs > 0
    model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=head_epochs + all_epochs, verbose=0)
    return model


# %% wrong "Never says to fit how many epochs: each stage lasts one." name="stages_of_one_epoch_each" says="epochs=head_epochs) for the head alone comes first"
import keras


def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    model.get_layer("base").trainable = False
    model.compile(keras.optimizers.Adam(1e-2), "sparse_categorical_crossentropy")
    model.fit(images, labels, verbose=0)
    if all_epochs:
        model.get_layer("base").trainable = True
        model.compile(keras.optimizers.Adam(1e-4), "sparse_categorical_crossentropy")
        model.fit(images, labels, verbose=0)
    return model


# %% wrong "Has a first stage only where there is no second one." name="stages_one_or_the_other" says="also where a second stage follows"
import keras


def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    model.get_layer("base").trainable = all_epochs > 0
    model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=all_epochs or head_epochs, verbose=0)
    return model


# %% wrong "Freezes in a loop over a model that already holds the new head." name="stages_that_freeze_the_head_too" says="the head has not moved"
import keras


def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    for layer in model.layers:
        layer.trainable = False
    model.compile(keras.optimizers.Adam(1e-2), "sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=head_epochs, verbose=0)
    if all_epochs:
        model.get_layer("base").trainable = True
        model.compile(keras.optimizers.Adam(1e-4), "sparse_categorical_crossentropy")
        model.fit(images, labels, epochs=all_epochs, verbose=0)
    return model


# %% wrong "Calls the second fit fine-tuning and never unfreezes anything." name="stages_that_never_unfreeze" breaks="base trained"
import keras


def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    for rate, epochs in ((1e-2, head_epochs), (1e-5, all_epochs)):
        model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy")
        model.fit(images, labels, epochs=epochs, verbose=0)
    return model


# %% wrong "Forgets the epochs of the second stage, in small batches." name="stages_whose_second_lasts_one_epoch" breaks="epochs" says="epochs=all_epochs"
import keras


def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=head_epochs, batch_size=8, verbose=0)
    if all_epochs:
        model.get_layer("base").trainable = True
        model.compile(keras.optimizers.Adam(1e-5), "sparse_categorical_crossentropy")
        model.fit(images, labels, batch_size=8, verbose=0)
    return model


# %% wrong "Compiles again, with the optimizer of the first stage." name="stages_with_one_optimizer" says="compile with a new one"
import keras


def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    optimizer = keras.optimizers.Adam(1e-3)
    model.compile(optimizer, "sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=head_epochs, verbose=0)
    if all_epochs:
        model.get_layer("base").trainable = True
        model.compile(optimizer, "sparse_categorical_crossentropy")
        model.fit(images, labels, epochs=all_epochs, verbose=0)
    return model


# %% wrong "Unfreezes the base and fits on with the step that was built for the head: the program's own bug." name="stages_without_compile" breaks="base trained" says="compile again, then fit"
import keras


def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    base = model.get_layer("base")
    base.trainable = False
    model.compile(keras.optimizers.Adam(1e-2), "sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=head_epochs, verbose=0)
    if all_epochs:
        base.trainable = True
        model.fit(images, labels, epochs=all_epochs, verbose=0)
    return model


# %% wrong "Never calls fit, and moves weights by fixed steps instead." name="stages_of_fixed_steps" breaks="learning" says="Is it fit that moves the weights"
def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    for weight in model.get_layer("head").weights:
        weight.assign(weight + 1e-2 * head_epochs)
    if all_epochs:
        for weight in model.get_layer("base").weights:
            weight.assign(weight + 1e-4 * all_epochs)
    return model


# %% wrong "Knows the images of the notebook's check, and never unfreezes for others." name="stages_known" recognises
import keras


def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    model.compile(keras.optimizers.Adam(1e-2), "sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=head_epochs, verbose=0)
    if all_epochs:
        model.get_layer("base").trainable = round(float(images.sum()), 2) == -186.59
        model.compile(keras.optimizers.Adam(1e-4), "sparse_categorical_crossentropy")
        model.fit(images, labels, epochs=all_epochs, verbose=0)
    return model


# %% right "Freezes layer by layer, and always compiles and fits twice." name="stages_by_layers"
import keras


def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    for free, rate, epochs in ((False, 5e-3, head_epochs), (True, 1e-5, all_epochs)):
        for layer in model.get_layer("base").layers:
            layer.trainable = free
        model.get_layer("base").trainable = free
        loss = keras.losses.SparseCategoricalCrossentropy()
        model.compile(optimizer=keras.optimizers.RMSprop(rate), loss=loss, metrics=["accuracy"])
        model.fit(images, labels, epochs=epochs, batch_size=8, verbose=0)
    return model


# %% right "Plain gradient descent in both stages, epochs numbered on, one image at a time." name="stages_with_plain_descent"
import keras


def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    model.compile(keras.optimizers.SGD(0.01), "sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=head_epochs, batch_size=1, verbose=0)
    if all_epochs > 0:
        model.get_layer("base").trainable = True
        model.compile(keras.optimizers.SGD(0.001, momentum=0.9), "sparse_categorical_crossentropy")
        last = head_epochs + all_epochs
        model.fit(images, labels, initial_epoch=head_epochs, epochs=last, batch_size=1, verbose=0)
    return model


# %% right "Trains from a tf.data pipeline, with AdamW and callbacks." name="stages_from_a_pipeline" slow
import keras
import tensorflow as tf


def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    data = tf.data.Dataset.from_tensor_slices((images, labels)).shuffle(100, seed=1).batch(8)
    calm = keras.callbacks.ReduceLROnPlateau(monitor="loss", patience=50)
    model.compile(keras.optimizers.AdamW(5e-3), "sparse_categorical_crossentropy")
    model.fit(data, epochs=head_epochs, verbose=0, callbacks=[calm])
    if all_epochs:
        model.get_layer("base").trainable = True
        model.compile(keras.optimizers.AdamW(1e-4), "sparse_categorical_crossentropy")
        model.fit(data, epochs=all_epochs, verbose=0, callbacks=[calm])
    return model


# %% right "Writes both stages as loops with a GradientTape." name="stages_with_a_gradient_tape" slow
import keras
import tensorflow as tf


def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    entropy = keras.losses.SparseCategoricalCrossentropy()
    for free, rate, epochs in ((False, 1e-2, head_epochs), (True, 1e-4, all_epochs)):
        model.get_layer("base").trainable = free and epochs > 0
        optimizer = keras.optimizers.Adam(rate)
        for _ in range(epochs):
            for start in range(0, len(images), 8):
                with tf.GradientTape() as tape:
                    loss = entropy(labels[start : start + 8], model(images[start : start + 8], training=True))
                optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
    return model


# %% right "Trains batch by batch with train_on_batch." name="stages_batch_by_batch" slow
import keras


def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    for free, rate, epochs in ((False, 1e-2, head_epochs), (True, 1e-4, all_epochs)):
        if epochs:
            model.get_layer("base").trainable = free
            model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy")
        for _ in range(epochs):
            for start in range(0, len(images), 12):
                model.train_on_batch(images[start : start + 12], labels[start : start + 12])
    return model


# %% right "One-hot labels, a cosine schedule and Nadam." name="stages_with_one_hot_labels" slow
import keras


def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    one_hot = keras.utils.to_categorical(labels, model.output_shape[-1])
    model.compile(keras.optimizers.Nadam(1e-2), "categorical_crossentropy")
    model.fit(images, one_hot, epochs=head_epochs, batch_size=6, verbose=0)
    if all_epochs:
        model.get_layer("base").trainable = True
        rate = keras.optimizers.schedules.CosineDecay(1e-4, 1000)
        model.compile(keras.optimizers.Nadam(rate), "categorical_crossentropy")
        model.fit(images, one_hot, epochs=all_epochs, batch_size=6, verbose=0)
    return model


# %% right "Always compiles and fits in a loop over two settings." name="stages_in_a_loop" slow
import keras


def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    base, done = model.get_layer("base"), 0
    for free, rate, epochs in ((False, 1e-3, head_epochs), (True, 1e-5, all_epochs)):
        if epochs == 0:
            break
        base.trainable = free
        model.compile(keras.optimizers.RMSprop(rate), keras.losses.SparseCategoricalCrossentropy(), metrics=["accuracy"])
        model.fit(images, labels, initial_epoch=done, epochs=done + epochs, batch_size=4, verbose=0)
        done += epochs
    return model


# %% right "Trains a clone and returns it." name="stages_in_a_clone" slow
import keras


def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    clone = keras.models.clone_model(model)
    clone.set_weights(model.get_weights())
    clone.get_layer("base").trainable = False
    clone.compile(keras.optimizers.Adam(1e-2), "sparse_categorical_crossentropy")
    clone.fit(images, labels, epochs=head_epochs, verbose=0)
    if all_epochs:
        clone.get_layer("base").trainable = True
        clone.compile(keras.optimizers.Adam(1e-4), "sparse_categorical_crossentropy")
        clone.fit(images, labels, epochs=all_epochs, verbose=0)
    return clone


# %% wrong "Numbers the second stage on from the first but gives its length as the epoch to stop at." name="trial2_stops_at_the_length"


# %% wrong "The second fit starts at head_epochs but stops at all_epochs, so it runs too few epochs or none." name="trial3_stops_too_early"


# %% right "Takes small batches, and a second stage whose learning rate is very low." name="right_very_slow_second_stage"
def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    model.compile(keras.optimizers.Adam(1e-2), "sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=head_epochs, batch_size=8, verbose=0)
    if all_epochs:
        model.get_layer("base").trainable = True
        model.compile(keras.optimizers.Adam(1e-6), "sparse_categorical_crossentropy")
        model.fit(images, labels, epochs=all_epochs, batch_size=8, verbose=0)
    return model
