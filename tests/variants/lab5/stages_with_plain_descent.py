"""Plain gradient descent in both stages, epochs numbered on, one image at a time."""

import keras

REPLACES = "train-in-two-stages"


def train_in_two_stages(model, images, labels, head_epochs, all_epochs):
    model.compile(keras.optimizers.SGD(0.01), "sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=head_epochs, batch_size=1, verbose=0)
    if all_epochs > 0:
        model.get_layer("base").trainable = True
        model.compile(keras.optimizers.SGD(0.001, momentum=0.9), "sparse_categorical_crossentropy")
        last = head_epochs + all_epochs
        model.fit(images, labels, initial_epoch=head_epochs, epochs=last, batch_size=1, verbose=0)
    return model
