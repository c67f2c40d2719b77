"""Freezes layer by layer, and always compiles and fits twice."""

import keras

REPLACES = "train-in-two-stages"


def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    for free, rate, epochs in ((False, 5e-3, head_epochs), (True, 1e-5, all_epochs)):
        for layer in model.get_layer("base").layers:
            layer.trainable = free
        model.get_layer("base").trainable = free
        loss = keras.losses.SparseCategoricalCrossentropy()
        model.compile(optimizer=keras.optimizers.RMSprop(rate), loss=loss, metrics=["accuracy"])
        model.fit(images, labels, epochs=epochs, batch_size=8, verbose=0)
    return model
