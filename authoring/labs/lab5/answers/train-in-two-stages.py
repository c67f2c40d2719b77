# %% wrong "Sets the base free before the first stage." name="stages_free_from_the_start" breaks="the first stage trains the head alone" says="expected the head alone to move" marks=0
import keras


def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    model.get_layer("base").trainable = True
    model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=head_epochs + all_epochs, verbose=0)
    return model


# %% wrong "Sets the base free before its only fit, whenever there is to be a second stage." name="stages_in_one_fit" breaks="the second stage trains the base too, and each stage lasts as long as it is told to" says="The base was already trainable in the first stage." marks=2.0
import keras


def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    model.get_layer("base").trainable = all_epochs > 0
    model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=head_epochs + all_epochs, verbose=0)
    return model


# %% wrong "Never tells fit how many epochs: each stage lasts one." name="stages_of_one_epoch_each" breaks="the second stage trains the base too, and each stage lasts as long as it is told to" says="epochs=head_epochs) for the head alone comes first" marks=2.0
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


# %% wrong "Has a first stage only where there is no second one." name="stages_one_or_the_other" breaks="the second stage trains the base too, and each stage lasts as long as it is told to" says="also where a second stage follows" marks=2.0
import keras


def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    model.get_layer("base").trainable = all_epochs > 0
    model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=all_epochs or head_epochs, verbose=0)
    return model


# %% wrong "Freezes in a loop over a model that already holds the new head." name="stages_that_freeze_the_head_too" says="the head has not moved" marks=0
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


# %% wrong "Calls the second fit fine-tuning and never sets anything free." name="stages_that_never_unfreeze" breaks="the second stage trains the base too, and each stage lasts as long as it is told to" marks=2.0
import keras


def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    for rate, epochs in ((1e-2, head_epochs), (1e-5, all_epochs)):
        model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy")
        model.fit(images, labels, epochs=epochs, verbose=0)
    return model


# %% wrong "Forgets the epochs of the second stage, in small batches." name="stages_whose_second_lasts_one_epoch" breaks="the second stage trains the base too, and each stage lasts as long as it is told to" says="epochs=all_epochs" marks=2.0
import keras


def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=head_epochs, batch_size=8, verbose=0)
    if all_epochs:
        model.get_layer("base").trainable = True
        model.compile(keras.optimizers.Adam(1e-5), "sparse_categorical_crossentropy")
        model.fit(images, labels, batch_size=8, verbose=0)
    return model


# %% wrong "Compiles again, with the optimizer of the first stage." name="stages_with_one_optimizer" breaks="the second stage trains the base too, and each stage lasts as long as it is told to" says="after unfreezing make a new one in compile" marks=2.0
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


# %% wrong "Sets the base free and fits on with the step that was built for the head: the program's own bug." name="stages_without_compile" breaks="the second stage trains the base too, and each stage lasts as long as it is told to" says="compile again, then fit" marks=2.0
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
